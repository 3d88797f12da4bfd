using Nodepool.Core.Config;

namespace Nodepool.Providers.Aws;

/// <summary>What a provider of driver <c>aws</c> adds to the common keys.</summary>
public sealed record AwsOptions : DriverOptions
{
    /// <summary><c>region-name</c>.</summary>
    public required string Region { get; init; }

    /// <summary><c>profile-name</c>: the entry of the credentials file; null: what the environment gives.</summary>
    public string? Profile { get; init; }

    /// <summary><c>object-storage.bucket-name</c>: the S3 bucket that images pass through; null: none.</summary>
    public string? Bucket { get; init; }

    /// <summary>
    /// <c>image-import-timeout</c>, seconds in the file: how long an import is tried again while too many others run; null: not at all.
    /// </summary>
    public TimeSpan? ImageImportTimeout { get; init; }
}
