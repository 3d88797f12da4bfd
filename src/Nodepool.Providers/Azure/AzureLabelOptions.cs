using Nodepool.Core.Collections;
using Nodepool.Core.Config;
using Nodepool.Core.Config.Templates;

namespace Nodepool.Providers.Azure;

/// <summary>What a label of driver <c>azure</c> adds to the common keys.</summary>
public sealed record AzureLabelOptions : DriverOptions
{
    /// <summary><c>hardware-profile.vm-size</c>.</summary>
    public required string VmSize { get; init; }

    /// <summary><c>volume-size</c> of the system disk, GiB; null: that of the image.</summary>
    public int? VolumeSizeGiB { get; init; }

    /// <summary><c>tags</c> of the machine.</summary>
    public ValueMap<string> Tags { get; init; } = ValueMap<string>.Empty;

    /// <summary><c>dynamic-tags</c>: tags made from the request; one that cannot be made is left out, the others stay.</summary>
    public ValueMap<FormatTemplate> DynamicTags { get; init; } = ValueMap<FormatTemplate>.Empty;

    /// <summary><c>user-data</c>, which the machine can read at any time; sent in base64.</summary>
    public Secret? UserData { get; init; }

    /// <summary><c>custom-data</c>, which the machine gets at its first start; sent in base64.</summary>
    public Secret? CustomData { get; init; }
}
