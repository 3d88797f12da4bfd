using Nodepool.Core.Collections;
using Nodepool.Core.Config;
using Nodepool.Core.Config.Templates;

namespace Nodepool.Providers.OpenStack;

/// <summary>What only the openstack driver knows of a label.</summary>
public sealed record OpenStackLabelOptions : DriverOptions
{
    /// <summary>Size of its instances.</summary>
    public OpenStackFlavorChoice Flavor { get; init; } = new(null, null);

    /// <summary>Name of a key pair of the project; <c>key-name</c>, or null.</summary>
    public string? KeyName { get; init; }

    /// <summary>Put the root disk on a volume, deleted with the instance; <c>boot-from-volume</c>.</summary>
    public bool BootFromVolume { get; init; }

    /// <summary>Size of that volume, GB; <c>volume-size</c>.</summary>
    public int VolumeSize { get; init; } = 50;

    /// <summary>Metadata of the instance, beside ours; <c>instance-properties</c>.</summary>
    public ValueMap<string> InstanceProperties { get; init; } = ValueMap<string>.Empty;

    /// <summary>
    /// More metadata, made from the request; <c>dynamic-instance-properties</c>. One that cannot be made is left out, the others stay.
    /// </summary>
    public ValueMap<FormatTemplate> DynamicInstanceProperties { get; init; } = ValueMap<FormatTemplate>.Empty;

    /// <summary>What cloud-init gets, as it is written; <c>userdata</c>, or null.</summary>
    public Secret? UserData { get; init; }

    /// <summary><c>networks</c>, by default the pool's.</summary>
    public ValueList<string> Networks { get; init; } = [];
}
