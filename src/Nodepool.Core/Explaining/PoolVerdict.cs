namespace Nodepool.Core.Explaining;

/// <summary>What a pool says about a request; made by the pass that decides, so it is what really keeps the request waiting.</summary>
/// <param name="Code">What kind of reason.</param>
/// <param name="Subject">What it is about: a label, an image, a request, a tenant, a pool; a sentence for <see cref="VerdictCode.LaunchFailed"/> and <see cref="VerdictCode.Declined"/>.</param>
/// <param name="Shortage">The limit, where one is in the way.</param>
public sealed record PoolVerdict(VerdictCode Code, string? Subject = null, Shortage? Shortage = null)
{
    /// <summary>Nodes that requests before it wait for here.</summary>
    public int NodesAhead { get; init; }

    /// <summary>What has failed last, for people.</summary>
    public string? Cause { get; init; }

    /// <summary>Seconds until it is tried again; null: it is being tried.</summary>
    public double? RetryAfter { get; init; }

    /// <summary>No other pool may try any more.</summary>
    public bool IsFinal { get; init; }
}
