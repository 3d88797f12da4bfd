using Nodepool.Core.Collections;

namespace Nodepool.Core.Model;

/// <summary>What a pool makes of a label; a part of <see cref="PoolTermsRecord"/>.</summary>
/// <param name="Cost">What one node uses.</param>
/// <param name="Image">Name of the diskimage that has to be at the provider; null when none has.</param>
public sealed record LabelTerms(ValueMap<long> Cost, string? Image)
{
    /// <summary>Seconds for which a request for it may be tried; null: not said.</summary>
    public double? Deadline { get; init; }
}
