using Nodepool.Core.View;

namespace Nodepool.Core.Explaining;

/// <summary>What one pool says about a request.</summary>
/// <param name="Pool">The pool.</param>
/// <param name="Code">The word of its verdict's code.</param>
/// <param name="Text">What is in the way, for people.</param>
public sealed record PoolExplanation(PoolKey Pool, string Code, string Text)
{
    /// <summary>Host of the launcher that runs it; null when it runs no longer.</summary>
    public string? Host { get; init; }

    /// <summary>Who has what there is too little of, for people; null where nothing is short.</summary>
    public string? Holders { get; init; }

    /// <summary>When it may be served here; null when nothing can be concluded.</summary>
    public WaitEstimate? Estimate { get; init; }

    /// <summary>What would help, for an operator; null when there is nothing to do.</summary>
    public string? Remedy { get; init; }
}
