namespace Nodepool.Core.Config;

/// <summary>Nodes of a label are slots of bigger nodes, which other pools launch: how these are kept. Part of a label of the driver <c>metastatic</c>.</summary>
public sealed record BackingRule
{
    /// <summary>Label of the bigger nodes; <c>backing-label</c>.</summary>
    public required string Label { get; init; }

    /// <summary>Nodes that one of them is at the same time; <c>max-parallel-jobs</c>.</summary>
    public int Slots { get; init; } = 1;

    /// <summary>One without a used slot is kept this long; <c>grace-time</c>, seconds in the file.</summary>
    public TimeSpan GraceTime { get; init; } = TimeSpan.FromMinutes(1);

    /// <summary>One is kept at least this long from its launch, used or not; <c>min-retention-time</c>, seconds in the file.</summary>
    public TimeSpan MinRetentionTime { get; init; }

    /// <summary>One that is older gets no new nodes; null is no limit; <c>max-age</c>, seconds in the file.</summary>
    public TimeSpan? MaxAge { get; init; }
}
