using Nodepool.Core.Collections;

namespace Nodepool.Core.Model;

/// <summary>
/// What the governor of a pool lets through: of one label, or of all together (<see cref="All"/>). A part of <see cref="PoolTermsRecord"/>. Times are Unix seconds.
/// </summary>
public sealed record LaneTerms
{
    /// <summary>Name of the lane of all labels; no label can have it.</summary>
    public const string All = "*";

    /// <summary>Launches that may be under way at once; null: no limit.</summary>
    public int? Limit { get; init; }

    /// <summary>Since when launches fail altogether; null: they do not, the breaker is closed.</summary>
    public double? OpenSince { get; init; }

    /// <summary>When that was seen last: a launch that was begun before is no probe.</summary>
    public double? TrippedAt { get; init; }

    /// <summary>From when on a probe may be launched.</summary>
    public double? ProbeAt { get; init; }

    /// <summary>What failed last, for people.</summary>
    public string? Failure { get; init; }

    /// <summary>The cloud refuses them: who finds no other pool need not wait for better times.</summary>
    public bool IsRefusal { get; init; }

    /// <summary>Seconds after which a launch takes longer than others do here; null: not known of this lane.</summary>
    public double? Patience { get; init; }

    /// <summary>The middle of what the last launches took, seconds; null: there were too few, or they were long ago.</summary>
    public double? Usual { get; init; }

    /// <summary>Most launches take longer than that now: begun once more they would not end sooner.</summary>
    public bool IsSlow { get; init; }

    /// <summary>Availability zones in which launches fail or take much longer than elsewhere.</summary>
    public ValueList<string> AvoidedZones { get; init; } = [];

    /// <summary>The one of them that the next launch is to try; null: none.</summary>
    public string? ProbedZone { get; init; }

    /// <summary>The breaker is open.</summary>
    public bool IsOpen => OpenSince is not null;
}
