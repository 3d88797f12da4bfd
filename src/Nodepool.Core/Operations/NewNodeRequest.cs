using Nodepool.Core.Collections;
using Nodepool.Core.Model;

namespace Nodepool.Core.Operations;

/// <summary>What a client asks for.</summary>
public sealed record NewNodeRequest
{
    /// <summary>Priority of requests that name none; Zuul's "normal".</summary>
    public const int DefaultPriority = 200;

    /// <summary>Wanted labels; the order is kept and duplicates count.</summary>
    public required ValueList<string> Labels { get; init; }

    /// <summary>Lower is served first; 0 to 999.</summary>
    public int Priority { get; init; } = DefaultPriority;

    /// <summary>Idle nodes may be used; false wants fresh ones.</summary>
    public bool Reuse { get; init; } = true;

    /// <summary>Who asks, for lists and metrics.</summary>
    public required string Requestor { get; init; }

    /// <summary>The record, with every key: Zuul's classes and Python launchers read it.</summary>
    public NodeRequestRecord ToRecord(double now, string eventId) => new()
    {
        State = RequestState.Requested,
        StateTime = now,
        CreatedTime = now,
        NodeTypes = Labels,
        Reuse = Reuse,
        Requestor = Requestor,
        EventId = eventId,
    };
}
