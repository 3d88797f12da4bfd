using Nodepool.Core.Config;
using Nodepool.Core.Model;
using Nodepool.Core.Model.Transitions;
using Nodepool.Core.State;
using Nodepool.Core.View;

namespace Nodepool.Core.Operations;

/// <summary>
/// Forgets a provider: its upload and node records go, and nodes of others whose slots its nodes were are given back. Nothing is deleted at the cloud. Meant for a provider that does not exist any more,
/// whose records nobody could remove in order.
/// </summary>
/// <param name="engine">The store.</param>
/// <param name="sources">Time.</param>
public sealed class ProviderErasure(IStateEngine engine, Sources sources)
{
    private const int Attempts = 5;

    /// <summary>Looks what there is and what speaks against it.</summary>
    /// <param name="view">All records.</param>
    /// <param name="config">Tells whether builders upload to it; null when it is not known.</param>
    /// <param name="provider">Name of the provider; need not be configured.</param>
    public static ErasurePlan Plan(ClusterView view, NodepoolConfig? config, string provider)
    {
        ArgumentNullException.ThrowIfNull(view);
        var nodes = NodesOf(view, provider).ToList();
        var uploads = UploadsOf(view, provider).ToList();
        var obstacles = new List<string>();
        if (view.Pools.Where(pool => pool.ProviderName == provider).Select(pool => pool.Hostname).Distinct(StringComparer.Ordinal).ToList() is { Count: > 0 } launchers)
        {
            obstacles.Add($"a launcher on {string.Join(", ", launchers)} runs it and would leave what it launches without a record: take it out of the configuration first");
        }

        if (config?.FindProvider(provider) is { DiskImages.Count: > 0 } && view.Components.Values.FirstOrDefault(component => component.Kind == "builder") is { } builder)
        {
            obstacles.Add($"the builder on {builder.Hostname} uploads to it and would begin anew: take it out of the configuration first");
        }

        if (nodes.Where(node => node.IsLocked || node.Record!.State is NodeState.InUse or NodeState.Hold).Select(node => node.Id).ToList() is { Count: > 0 } busy)
        {
            obstacles.Add($"in use, held or locked: {(busy.Count == 1 ? "node" : "nodes")} {string.Join(", ", busy)}");
        }

        if (uploads.Any(upload => view.Image(upload.Image).IsLocked(NodepoolPaths.UploadsLock(upload.Image, upload.Build, provider))))
        {
            obstacles.Add("an upload to it is being made");
        }

        return new ErasurePlan(provider, uploads.Count, [.. nodes.Select(node => node.Id)], [.. LentTo(view, provider).Select(node => node.Id)], obstacles);
    }

    /// <summary>Removes the records, one commit per node and per build. Doing it again does what is left.</summary>
    /// <exception cref="OperationRefusedException">A record was changed again and again meanwhile; what went before stays gone.</exception>
    public async ValueTask<Erasure> EraseAsync(ClusterView view, string provider, CancellationToken ct)
    {
        ArgumentNullException.ThrowIfNull(view);
        var uploads = 0;
        foreach (var (image, build) in UploadsOf(view, provider).Select(upload => (upload.Image, upload.Build)).Distinct())
        {
            var gone = await DeleteAsync(NodepoolPaths.BuildAtProvider(image, build, provider), ct);
            uploads += gone.Count(entry => ImageDataPath.Parse(entry.Path) is { Upload: not null });
        }

        foreach (var canary in view.Images.Values.SelectMany(image => image.Canaries.Values).Where(canary => canary.Scope.Provider == provider))
        {
            await DeleteAsync(NodepoolPaths.Canary(canary.Image, canary.Scope), ct);
        }

        var nodes = new List<string>();
        foreach (var node in NodesOf(view, provider))
        {
            if ((await DeleteAsync(NodepoolPaths.Node(node.Id), ct)).Count > 0)
            {
                nodes.Add(node.Id);
            }
        }

        await DeleteAsync(NodepoolPaths.Drain(provider), ct);
        var givenBack = new List<string>();
        foreach (var node in LentTo(view, provider))
        {
            if (await TryGiveBackAsync(node, BackingRecord.OwnerOf(provider), ct))
            {
                givenBack.Add(node.Id);
            }
        }

        return new Erasure(uploads, nodes, givenBack);
    }

    private static IEnumerable<NodeView> NodesOf(ClusterView view, string provider) =>
        view.Nodes.ById.Values.Where(node => node.Record?.Provider == provider).OrderBy(node => node.Id, StringComparer.Ordinal);

    private static IEnumerable<NodeView> LentTo(ClusterView view, string provider) =>
        view.Nodes.OwnedBy(BackingRecord.OwnerOf(provider)).Select(id => view.Nodes.ById[id]).Where(node => node.Record!.State == NodeState.InUse);

    private static IEnumerable<UploadView> UploadsOf(ClusterView view, string provider) =>
        view.Images.Values.SelectMany(image => image.Uploads.Values).Where(upload => upload.Provider == provider).OrderBy(upload => upload.Path, StringComparer.Ordinal);

    /// <summary>The lock of a node that is lent outlives every session: whoever forgets the borrower has to take it away.</summary>
    private async ValueTask<bool> TryGiveBackAsync(NodeView node, string owner, CancellationToken ct)
    {
        if (await LockContender.HolderAsync(engine, NodepoolPaths.NodeLock(node.Id), ct) is not { } held || held.Holder != owner)
        {
            return false;
        }

        NodeTransitions.Table.Demand(node.Record!.State, NodeState.Used, Actors.Operator);
        try
        {
            await engine.CommitAsync(
                [new Write.Set(NodepoolPaths.Node(node.Id), node.Record.To(NodeState.Used, sources.UnixNow).Write(), node.Version), new Write.Delete(held.Path, Write.AnyVersion)], ct);
            return true;
        }
        catch (StateException e) when (e.IsConflict)
        {
            // Whoever changed it may have it; erasing again looks once more.
            return false;
        }
    }

    private async ValueTask<IReadOnlyList<Entry>> DeleteAsync(string root, CancellationToken ct)
    {
        for (var attempt = 1; ; attempt++)
        {
            var entries = await Subtree.ReadAsync(engine, root, ct);
            try
            {
                _ = entries.Count == 0 ? null : await engine.CommitAsync([.. Subtree.Deletion(entries)], ct);
                return entries;
            }
            catch (StateException e) when (e.IsConflict)
            {
                if (attempt == Attempts)
                {
                    throw new OperationRefusedException(Refusal.Busy, $"{root} is being changed by others all the time: stop the launchers and builders of the provider, then erase it again");
                }
            }
        }
    }
}
