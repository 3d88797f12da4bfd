using Nodepool.Core.Config;

namespace Nodepool.Providers.Metastatic;

/// <summary>What only the metastatic driver knows of a label: the bigger nodes whose slots its nodes are.</summary>
public sealed record MetastaticLabelOptions : DriverOptions
{
    /// <summary>Label of the bigger nodes; <c>backing-label</c>.</summary>
    public required string BackingLabel { get; init; }

    /// <summary>Nodes that one of them is at the same time; <c>max-parallel-jobs</c>.</summary>
    public int Slots { get; init; } = 1;

    /// <summary>One without a used slot is kept this long; <c>grace-time</c>, seconds in the file.</summary>
    public TimeSpan GraceTime { get; init; } = TimeSpan.FromMinutes(1);

    /// <summary>One is kept at least this long from its launch, used or not; <c>min-retention-time</c>, seconds in the file.</summary>
    public TimeSpan MinRetentionTime { get; init; }

    /// <summary>One that is older gets no new nodes; null is no limit; <c>max-age</c>, seconds in the file.</summary>
    public TimeSpan? MaxAge { get; init; }
}
