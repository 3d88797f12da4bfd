using static Nodepool.Core.Model.RequestState;
using static Nodepool.Core.Model.Transitions.Actors;

namespace Nodepool.Core.Model.Transitions;

/// <summary>Legal moves of a node request; deleting it is the client's right in every state.</summary>
public static class RequestTransitions
{
    /// <summary>The table.</summary>
    public static TransitionTable<RequestState> Table { get; } = new(
        (Requested, Pending, Launcher),
        (Requested, Fulfilled, Launcher),
        (Requested, Failed, Launcher),
        (Pending, Fulfilled, Launcher),
        (Pending, Requested, Launcher | Cleanup),
        (Pending, Failed, Launcher));
}
