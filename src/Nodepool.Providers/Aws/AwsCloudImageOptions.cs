using Nodepool.Core.Config;

namespace Nodepool.Providers.Aws;

/// <summary>What a cloud image of driver <c>aws</c> adds to the common keys.</summary>
/// <param name="Image"><c>image-id</c> or <c>image-filters</c>.</param>
public sealed record AwsCloudImageOptions(AwsImageChoice Image) : DriverOptions;
