using Nodepool.Core.Collections;
using Nodepool.Core.Explaining;
using Nodepool.Core.Launching.Standing;
using Nodepool.Core.Model;
using Nodepool.Core.View;

namespace Nodepool.Core.Launching.Pools;

/// <summary>Decides what one pool does next. Pure: the same view and model give the same plan.</summary>
/// <remarks>
/// <para>
/// Consistency. A pool is run by one launcher at a time (a lease that every commit checks), and a pass begins only when the view holds
/// all that this launcher has committed itself; so nobody else creates nodes in this pool and its limits are kept exactly. What others do
/// meanwhile (clients withdraw requests and take nodes, other pools accept the same request) shows up as a failed commit, because each
/// action names the versions that it was decided on; the action is then dropped and the next pass decides anew. Limits of a provider
/// that several launchers share pool by pool may be overrun by what they decide in the same instant: the cloud then says "quota", the
/// node is aborted and its request waits. Limits of tenants, which no cloud knows, are kept exactly over all pools: every charge to a limited
/// tenant also raises the version of its ledger entry, which the plan has seen (<see cref="TenantBudget"/>).
/// </para>
/// <para>
/// Order. Requests are looked at in the order of <see cref="FairOrder"/>. One that does not fit lets smaller ones of its priority go ahead for a while, unless the room for
/// it is on its way; then it keeps what it needs for itself: nothing is launched for those behind it, and they get idle nodes only of labels that
/// nobody before them waits for. So a pool is not idle for the sake of one request, and none can starve (decision 0012).
/// </para>
/// </remarks>
public static class PoolPlanner
{
    /// <summary>Requests of this priority keep <c>min-ready</c> filled and give way to everybody else.</summary>
    public const string MinReadyPriority = "900-";

    /// <summary>Decides.</summary>
    /// <param name="view">All records.</param>
    /// <param name="model">The pool.</param>
    /// <param name="unixNow">Now, Unix seconds.</param>
    public static PoolPlan Plan(ClusterView view, PoolModel model, double unixNow)
    {
        var pass = new PoolPass(view, model, unixNow, asked: null);
        Run(pass, view, model, unixNow);
        pass.ReleaseOrphans();
        if (model.Options.Deletes && !model.Config.IsStanding)
        {
            pass.RetireUnserved();
        }

        var (launch, delete) = NodeDuties(view, model);

        // A pool that launches nothing passes for a full one: those of other launchers need not leave requests to it.
        var isPaused = pass.Outcome.IsFull || !model.Options.Launches || view.IsDrained(model.Key.Provider);
        return new PoolPlan(pass.Outcome.Actions.ToValueList(), launch, model.Options.Deletes ? delete : [], isPaused, pass.Outcome.IsUnsettled);
    }

    /// <summary>What <see cref="Plan"/> decides about one request, and why.</summary>
    /// <param name="view">All records.</param>
    /// <param name="model">The pool.</param>
    /// <param name="request">Id of the request.</param>
    /// <param name="unixNow">Now, Unix seconds.</param>
    /// <returns>Null when the pool has nothing to do with the request.</returns>
    public static PoolVerdict? Explain(ClusterView view, PoolModel model, string request, double unixNow)
    {
        var pass = new PoolPass(view, model, unixNow, request);
        Run(pass, view, model, unixNow);
        return pass.Outcome.Verdict;
    }

    private static void Run(PoolPass pass, ClusterView view, PoolModel model, double unixNow)
    {
        ArgumentNullException.ThrowIfNull(view);
        ArgumentNullException.ThrowIfNull(model);

        // What has been begun comes first: it holds nodes, and those before it in the order might wait for just these.
        foreach (var request in view.OpenRequests.Where(request => request.Record is { State: RequestState.Pending }))
        {
            pass.Continue(request);
        }

        foreach (var request in FairOrder.Of(view, model, unixNow))
        {
            pass.Consider(request);
        }
    }

    /// <summary>Whether a request is one that keeps <c>min-ready</c> filled.</summary>
    internal static bool IsMinReady(RequestView request) => request.Id.StartsWith(MinReadyPriority, StringComparison.Ordinal);

    /// <summary>Whether a node has to be deleted by whoever runs its pool.</summary>
    public static bool IsToBeDeleted(NodeView node) => node.Record?.State switch
    {
        NodeState.Used or NodeState.Failed or NodeState.Aborted or NodeState.Deleting or NodeState.Deleted or NodeState.Testing => true,
        // Its client is gone: it held the lock as long as it lived.
        NodeState.InUse => !node.IsLocked,
        // Peers write init and lock it at once; without a launch record nobody can continue what another program began.
        NodeState.Init => !node.IsLocked,
        NodeState.Building => node.Record.Launch is null && !node.IsLocked,
        _ => false,
    };

    private static (ValueList<string> Launch, ValueList<string> Delete) NodeDuties(ClusterView view, PoolModel model)
    {
        var launch = new List<string>();
        var delete = new List<string>();
        foreach (var id in view.Nodes.ActiveIn(model.Key))
        {
            var node = view.Nodes.ById[id];
            if (node.Record is { State: NodeState.Building, Launch: not null })
            {
                launch.Add(id);
            }
            else if (!node.IsLocked && IsToBeDeleted(node) && !(model.Config.IsStanding && StandingSlot.IsOfPeer(view, node.Record!)))
            {
                // Whoever holds the lock lets go of it in a moment (a client that has just written used), and that wakes the next pass.
                delete.Add(id);
            }
        }

        return (launch.ToValueList(), delete.ToValueList());
    }
}
