using Nodepool.Core.Collections;
using Nodepool.Core.Model;
using Nodepool.Core.View;

namespace Nodepool.Core.Operations;

/// <summary>An attempt to launch a node that came to nothing.</summary>
/// <param name="Node">Id of the node.</param>
/// <param name="Attempt">Number of the attempt, from 1.</param>
/// <param name="Reason">Why, for people.</param>
public sealed record LaunchFailure(string Node, int Attempt, string Reason)
{
    /// <summary>For people: one line.</summary>
    public string Text => $"node {Node}: attempt {Attempt} failed: {Reason}";

    /// <summary>Those of a request's nodes; a node remembers its last one. One that was ready before the request came has failed for somebody else.</summary>
    public static ValueList<LaunchFailure> Of(ClusterView view, string request)
    {
        ArgumentNullException.ThrowIfNull(view);
        var asked = view.Requests.GetValueOrDefault(request)?.Record?.CreatedTime;
        return (from id in view.Nodes.Of(request)
                let record = view.Nodes.ById[id].Record
                let reason = record?.Launch?.Failure
                where reason is not null && !(record is { State: NodeState.Ready } && record.StateTime < asked)
                select new LaunchFailure(id, AttemptOf(record), reason)).ToValueList();
    }

    /// <summary>The reason is stored with the attempt that failed, and stays when the next one begins.</summary>
    private static int AttemptOf(NodeRecord node) =>
        node.Launch!.Phase == LaunchPhase.Clean || node.State is NodeState.Failed or NodeState.Aborted ? node.Launch.Attempt : Math.Max(1, node.Launch.Attempt - 1);
}
