using Nodepool.Core.Config;

namespace Nodepool.Providers.Aws;

/// <summary>What an uploaded diskimage of driver <c>aws</c> adds to the common keys.</summary>
public sealed record AwsDiskImageOptions : DriverOptions
{
    /// <summary><c>architecture</c> in EC2's words.</summary>
    public string Architecture { get; init; } = "x86_64";

    /// <summary><c>ena-support</c>: the image has the driver of the elastic network adapter.</summary>
    public bool EnaSupport { get; init; } = true;

    /// <summary><c>imds-support</c>: instances insist on version 2 of the metadata service.</summary>
    public bool RequiresMetadataTokens { get; init; }

    /// <summary><c>import-method</c>.</summary>
    public AwsImportMethod ImportMethod { get; init; } = AwsImportMethod.Snapshot;

    /// <summary>The root volume of its instances; no size: that of the snapshot.</summary>
    public AwsVolume Volume { get; init; } = new() { Type = "gp3" };
}
