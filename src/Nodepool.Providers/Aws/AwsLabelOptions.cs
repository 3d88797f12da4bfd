using Nodepool.Core.Collections;
using Nodepool.Core.Config;
using Nodepool.Core.Config.Templates;

namespace Nodepool.Providers.Aws;

/// <summary>What a label of driver <c>aws</c> adds to the common keys.</summary>
public sealed record AwsLabelOptions : DriverOptions
{
    /// <summary><c>instance-type</c> or <c>fleet</c>.</summary>
    public required AwsMachineChoice Machine { get; init; }

    /// <summary><c>key-name</c>: the key pair that may log in; null: what the image or <c>userdata</c> lets in.</summary>
    public string? KeyName { get; init; }

    /// <summary>The root volume, where it shall differ from the image's.</summary>
    public AwsVolume Volume { get; init; } = new();

    /// <summary><c>ebs-optimized</c>: network bandwidth of its own for volumes.</summary>
    public bool EbsOptimized { get; init; }

    /// <summary><c>userdata</c>: what cloud-init gets.</summary>
    public Secret? UserData { get; init; }

    /// <summary><c>iam-instance-profile</c>; null: none.</summary>
    public AwsInstanceProfile? InstanceProfile { get; init; }

    /// <summary><c>tags</c> of instance and volumes.</summary>
    public ValueMap<string> Tags { get; init; } = ValueMap<string>.Empty;

    /// <summary><c>dynamic-tags</c>: tags made from the request; one that cannot be made is left out, the others stay.</summary>
    public ValueMap<FormatTemplate> DynamicTags { get; init; } = ValueMap<FormatTemplate>.Empty;

    /// <summary><c>use-spot</c>: instances from spare capacity.</summary>
    public bool UseSpot { get; init; }

    /// <summary><c>imdsv2</c>: whether the metadata server of the instance insists on tokens; null: as the image says.</summary>
    public AwsMetadataTokens? MetadataTokens { get; init; }

    /// <summary><c>dedicated-host</c>: a host of its own, allocated for each instance.</summary>
    public bool DedicatedHost { get; init; }
}
