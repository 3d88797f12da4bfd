using Nodepool.Core.Model;
using Nodepool.Core.Operations;
using Nodepool.Core.State;
using Nodepool.Core.View;

namespace Nodepool.Cli.Commands;

/// <summary>Waits until a provider that is being drained is empty, and says on standard error what is left and, once of each, what only a human can end.</summary>
internal sealed class DrainWatch(CliCall call, IStateEngine engine, string provider)
{
    private readonly ProgressLine _line = new(call.World);
    private readonly HashSet<string> _told = new(StringComparer.Ordinal);

    /// <returns>How far it is: empty; or not, because time was up, somebody pressed Ctrl-C, or the drain was taken back.</returns>
    public async Task<DrainProgress> RunAsync(TimeSpan? limit, CancellationToken ct)
    {
        DrainProgress? last = null;
        try
        {
            await using var store = await FollowedStore.OpenAsync(engine, call.World.Sources.Time, ct);
            while (true)
            {
                last = DrainProgress.Of(store.Current, provider);
                if (last.IsEmpty || last.Drain is null || limit - _line.Elapsed <= TimeSpan.Zero)
                {
                    return last;
                }

                Tell(store.Current, last);
                _line.Show(last.Text);
                var next = _line.UntilNext;
                await store.Wake.WaitAsync(limit is { } most && most - _line.Elapsed < next ? most - _line.Elapsed : next, store.End);
            }
        }
        catch (OperationCanceledException) when (ct.IsCancellationRequested && last is not null)
        {
            return last;
        }
        catch (OperationCanceledException) when (!ct.IsCancellationRequested)
        {
            throw new CliException($"the store's session ended while provider {provider} was watched; start the command again");
        }
        finally
        {
            _line.End();
        }
    }

    private void Tell(ClusterView view, DrainProgress progress)
    {
        if (!view.Pools.Any(pool => pool.ProviderName == provider))
        {
            Once($"no launcher runs provider {provider}: its nodes stay until one does");
        }

        foreach (var (id, record) in progress.Nodes.Where(node => node.Record!.State == NodeState.Hold).Select(node => (node.Id, node.Record!)))
        {
            Once($"node {id} is held{(record.Comment is { Length: > 0 } why ? $" ({why})" : "")}: nodepool return {id}");
        }

        foreach (var (id, owner) in progress.Nodes.Where(node => node.Record is { State: NodeState.InUse, Backing: not null }).Select(node => (node.Id, node.Record!.Backing!.Owner)))
        {
            Once($"node {id} is lent, slot by slot, by {owner}: it comes back when the nodes on it have ended");
        }
    }

    private void Once(string text)
    {
        if (_told.Add(text))
        {
            _line.Tell(text);
        }
    }
}
