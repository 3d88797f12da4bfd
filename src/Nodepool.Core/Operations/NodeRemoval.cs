using Nodepool.Core.Launching.Governing;
using Nodepool.Core.Launching.Nodes;
using Nodepool.Core.Model;
using Nodepool.Core.Model.Json;
using Nodepool.Core.Providers;
using Nodepool.Core.State;
using Nodepool.Core.View;

namespace Nodepool.Core.Operations;

/// <summary>
/// Brings the deletion of a node that is marked already to its end: by waiting for the launcher that runs its pool, or in this process
/// when there is none or it was told to delete nothing. A launcher knows its cloud best and is at work anyway; but one that hangs must not make
/// an operator wait for ever.
/// </summary>
/// <param name="engine">The store.</param>
/// <param name="feed">The newest view; run by the caller.</param>
/// <param name="sources">Time and chance.</param>
/// <param name="who">Who asks.</param>
/// <param name="tell">Told, in a sentence, what is being done or waited for.</param>
public sealed class NodeRemoval(IStateEngine engine, ClusterFeed feed, Sources sources, ClientIdentity who, Action<string> tell)
{
    /// <summary>So long a live launcher may leave a marked node alone before it is done here.</summary>
    public static readonly TimeSpan LaunchersTurn = TimeSpan.FromSeconds(15);

    /// <summary>Returns when the record is gone, and with it whatever it was at its provider.</summary>
    /// <param name="id">The node.</param>
    /// <param name="open">The open provider of that name; not called while a launcher does the work.</param>
    /// <param name="ct">Gives up; no lock stays behind.</param>
    /// <exception cref="OperationRefusedException">It cannot be done from here; the node stays marked.</exception>
    public async Task RunAsync(string id, Func<string, IProvider> open, CancellationToken ct)
    {
        using var wake = feed.Subscribe();
        var begun = sources.Time.GetTimestamp();
        var told = "";
        var position = await PositionAsync(id, ct);
        while ((await feed.AtLeastAsync(position, ct)).Nodes.ById.GetValueOrDefault(id) is { } node)
        {
            var rest = LaunchersTurn - sources.Time.GetElapsedTime(begun);
            var launcher = LauncherOf(feed.Current, node);
            if (!node.IsLocked && (launcher is null || rest <= TimeSpan.Zero) && await TryAsync(id, open, ct))
            {
                return;
            }

            var waits = node.IsLocked ? await HolderAsync(id, ct) : launcher is null ? "" : $"the launcher on {launcher.Hostname} deletes it";
            if (waits.Length > 0 && waits != told)
            {
                tell($"node {id}: {told = waits}");
            }

            await wake.WaitAsync(node.IsLocked || rest <= TimeSpan.Zero ? LaunchersTurn : rest, ct);
        }
    }

    /// <summary>Who will delete it unasked; null when nobody will.</summary>
    private static ComponentRecord? LauncherOf(ClusterView view, NodeView node) => view.Pools.FirstOrDefault(pool =>
        pool.ProviderName == node.Record?.Provider
        && pool.Name == node.Record?.Pool
        && !view.Components.Values.Any(other => other.Kind == "launcher" && other.Hostname == pool.Hostname && other.SwitchedOff.Contains("deletes")));

    /// <summary>How far the store is by now, or 0 when the node is gone: the view must not be older than the mark.</summary>
    private async ValueTask<long> PositionAsync(string id, CancellationToken ct)
    {
        try
        {
            return (await engine.CommitAsync([new Write.Check(NodepoolPaths.Node(id), Write.AnyVersion)], ct)).Position;
        }
        catch (StateException e) when (e.Fault == StateFault.NotFound)
        {
            return 0;
        }
    }

    private async ValueTask<string> HolderAsync(string id, CancellationToken ct) =>
        await LockContender.HolderAsync(engine, NodepoolPaths.NodeLock(id), ct) is { } holder ? $"{holder.Description} works on it" : "";

    /// <returns>False when somebody else has it or has to finish it.</returns>
    private async ValueTask<bool> TryAsync(string id, Func<string, IProvider> open, CancellationToken ct)
    {
        // Looked at before it is locked: locking a node that is gone would bring an empty record into being.
        if (await engine.GetAsync(NodepoolPaths.Node(id), ct) is not { } entry)
        {
            return true;
        }

        // Opened before it is locked too: a provider that cannot be opened leaves everything as it was.
        var provider = Understand(id, entry)?.Provider is { } name ? open(name) : null;
        await using var lease = await engine.TryLockAsync(NodepoolPaths.NodeLock(id), new LockOptions(who.Holder), ct);
        if (lease is null)
        {
            return false;
        }

        using var linked = CancellationTokenSource.CreateLinkedTokenSource(ct, lease.Lost);
        try
        {
            return await DeleteAsync(id, provider, lease, linked.Token);
        }
        catch (OperationCanceledException) when (!ct.IsCancellationRequested)
        {
            throw new OperationRefusedException(Refusal.Busy, $"the lock of node {id} was lost while it was deleted; it stays marked, try again");
        }
    }

    private async ValueTask<bool> DeleteAsync(string id, IProvider? provider, ILease lease, CancellationToken ct)
    {
        var edit = new NodeEdit(engine, sources, id, lease, new Write.Check(lease.Path, Write.AnyVersion));
        var record = await edit.ReadAsync(ct);
        if (record is { State: not (NodeState.Deleting or NodeState.Deleted) })
        {
            throw new OperationRefusedException(Refusal.WrongState, $"node {id} is {record.State.Word()} by now: somebody has changed it; it is left alone");
        }

        if (record is { State: NodeState.Deleting } && provider is not null)
        {
            tell($"node {id}: it is being deleted at provider {record.Provider}");
            var deletion = new InstanceDeletion(
                provider, sources, new RetryPace(sources), (_, fault, delay) => tell($"node {id}: {fault.Message} ({fault.Fault}; next try in {delay.TotalSeconds:0} s)"));
            if (!await deletion.RunAsync(id, record, ct))
            {
                throw new OperationRefusedException(
                    Refusal.Busy, $"node {id} is still there after {InstanceDeletion.Patience.TotalMinutes:0} minutes; it stays marked: see what the provider says, then try again");
            }
        }

        try
        {
            // Nothing may come between the cloud's word and the end of the record.
            return await edit.RemoveAsync(CancellationToken.None);
        }
        catch (StateException e) when (e.IsConflict)
        {
            // The lock was broken, or somebody else removed it: looked at anew.
            return false;
        }
    }

    private static NodeRecord? Understand(string id, Entry entry)
    {
        try
        {
            return entry.Data.IsEmpty ? null : NodeRecord.Read(entry.Data.Span);
        }
        catch (RecordFormatException e)
        {
            throw new OperationRefusedException(Refusal.WrongState, $"the record of node {id} cannot be understood and is left alone: {e.Message}");
        }
    }
}
