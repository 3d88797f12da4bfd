using Nodepool.Core.Collections;
using Nodepool.Core.Model;

namespace Nodepool.Core.Explaining;

/// <summary>Why a request has not got its nodes yet, or never will.</summary>
/// <param name="Id">The request.</param>
/// <param name="Record">Its record.</param>
public sealed record RequestExplanation(string Id, NodeRequestRecord Record)
{
    /// <summary>Its place among those that wait for a pool, from 1; null when it does not wait for one.</summary>
    public int? Position { get; init; }

    /// <summary>How many wait for a pool.</summary>
    public int Waiting { get; init; }

    /// <summary>The state of the whole: one phrase that goes on from "request …".</summary>
    public required string Summary { get; init; }

    /// <summary>Each pool's verdict, the most hopeful first.</summary>
    public ValueList<PoolExplanation> Pools { get; init; } = [];
}
