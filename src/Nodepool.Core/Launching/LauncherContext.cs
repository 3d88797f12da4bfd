using Microsoft.Extensions.Logging;
using Nodepool.Core.Model;
using Nodepool.Core.Providers;
using Nodepool.Core.Reconciling;
using Nodepool.Core.State;
using Nodepool.Core.View;

namespace Nodepool.Core.Launching;

/// <summary>What all parts of one launcher process share.</summary>
/// <param name="Engine">The store; its session is this process's life.</param>
/// <param name="Feed">The newest view.</param>
/// <param name="Sources">Time, ids and chance.</param>
/// <param name="Loggers">Makes loggers.</param>
/// <param name="Scanner">Nodescan.</param>
/// <param name="Hostname">Host name that components are registered under.</param>
/// <param name="Version">Version of the program, as registered.</param>
public sealed record LauncherContext(
    IStateEngine Engine,
    ClusterFeed Feed,
    Sources Sources,
    ILoggerFactory Loggers,
    INodeScanner Scanner,
    string Hostname,
    string Version)
{
    /// <summary>What it does and what it leaves alone.</summary>
    public LauncherOptions Options { get; init; } = LauncherOptions.All;

    /// <summary>Listens to CI systems; null where nobody can.</summary>
    public IJobEvents? JobEvents { get; init; }

    /// <summary>How its locks are taken: at once or not at all, with a name for whoever looks who holds them.</summary>
    internal LockOptions Lock { get; } = new($"launcher {Hostname}");

    /// <summary>What its reconcilers run in.</summary>
    internal ReconcilerFrame Frame { get; } = new(Feed, Sources, Loggers);

    /// <summary>For the owner of a lease.</summary>
    internal FencedCommits CommitsUnder(ILease lease) => new(Engine, Feed, lease);

    /// <summary>Runs a reconciler whenever this launcher has a duty, until cancelled or the session ends.</summary>
    /// <param name="duty">See <see cref="Duty"/>.</param>
    /// <param name="create">Makes it for the time of one lease, of that lease, the signal that starts its next pass and a token for its work.</param>
    /// <param name="ct">Ends it.</param>
    internal Task RunDutyAsync(string duty, Func<ILease, WakeSignal, CancellationToken, IReconciler> create, CancellationToken ct) =>
        new LeaseLoop(this, duty, NodepoolPaths.DutyLease(duty)).RunAsync(
            (lease, owned) => Frame.RunAsync((wake, work) => create(lease, wake, work), owned), ct);
}
