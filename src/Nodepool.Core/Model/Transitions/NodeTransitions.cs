using static Nodepool.Core.Model.NodeState;
using static Nodepool.Core.Model.Transitions.Actors;

namespace Nodepool.Core.Model.Transitions;

/// <summary>
/// Legal moves of a node. Records are made in <c>building</c>: intent and record are one commit here, so
/// that <c>init</c> is only ever written by peers. A launcher is a client where it takes nodes whose slots are nodes of another provider.
/// </summary>
public static class NodeTransitions
{
    /// <summary>The table.</summary>
    public static TransitionTable<NodeState> Table { get; } = new(
        (Init, Building, Launcher),
        (Init, Deleting, Cleanup),
        (Building, Ready, Launcher),
        (Building, Failed, Launcher),
        (Building, Aborted, Launcher),
        (Building, Deleting, Launcher | Operator),
        (Testing, Deleting, Launcher | Operator),
        (Ready, InUse, Client | Launcher),
        (Ready, Hold, Operator),
        (Ready, Deleting, Launcher | Cleanup | Operator),
        (InUse, Used, Client | Launcher | Operator),
        (InUse, Hold, Client | Operator),
        (InUse, Deleting, Launcher),
        (Used, Deleting, Launcher | Operator),
        (Hold, Used, Client | Operator),
        (Hold, Deleting, Cleanup | Operator),
        (Failed, Deleting, Launcher | Operator),
        (Aborted, Deleting, Launcher | Operator),
        (Deleting, Deleted, Launcher | Operator),
        (Deleted, Deleting, Launcher));
}
