namespace Nodepool.Providers.Aws;

/// <summary>Properties of a root volume; null leaves one to the image or to the cloud.</summary>
public sealed record AwsVolume
{
    /// <summary><c>volume-type</c>, such as <c>gp3</c>.</summary>
    public string? Type { get; init; }

    /// <summary><c>volume-size</c>, GiB.</summary>
    public int? SizeGiB { get; init; }

    /// <summary><c>iops</c>: operations per second.</summary>
    public int? Iops { get; init; }

    /// <summary><c>throughput</c>, MiB/s.</summary>
    public int? ThroughputMiB { get; init; }
}
