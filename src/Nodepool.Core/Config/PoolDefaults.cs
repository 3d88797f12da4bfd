namespace Nodepool.Core.Config;

/// <summary>What a provider gives to those of its pools that say nothing else.</summary>
public sealed record PoolDefaults
{
    /// <summary><c>priority</c>; lower is asked first.</summary>
    public int Priority { get; init; } = 100;

    /// <summary>Limits of each pool: <c>max-servers</c>, <c>max-cores</c>, <c>max-ram</c> (MiB), <c>max-resources</c>.</summary>
    public Quota Limits { get; init; } = Quota.Unlimited;

    /// <summary><c>host-key-checking</c>.</summary>
    public bool HostKeyChecking { get; init; } = true;
}
