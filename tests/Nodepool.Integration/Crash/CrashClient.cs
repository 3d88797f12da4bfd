using Nodepool.Core.Model;
using Nodepool.Core.Operations;

namespace Nodepool.Integration.Crash;

/// <summary>A client of the program: asks, takes, returns, and keeps account of what became of every request.</summary>
internal sealed class CrashClient(CrashBed bed)
{
    private static readonly ClientIdentity Who = new("tester", "crash");

    private readonly RequestActions _requests = new(bed.Engine, CrashBed.Sources, Who);
    private readonly NodeActions _nodes = new(bed.Engine, CrashBed.Sources, Who);
    private readonly HashSet<string> _open = new(StringComparer.Ordinal);

    public int Asked { get; private set; }

    public int Served { get; private set; }

    /// <summary>What requests that failed wanted.</summary>
    public List<string> Failed { get; } = [];

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public async Task AskAsync(params string[] labels)
    {
        _open.Add(await _requests.SubmitAsync(new NewNodeRequest { Labels = [.. labels], Requestor = "crash test" }, endsWithSession: false, Ct));
        Asked++;
    }

    /// <summary>Takes the nodes of all requests that are fulfilled now; withdraws those that failed. A request that is not there any more was lost.</summary>
    public async Task TakeAsync()
    {
        foreach (var id in _open.ToList())
        {
            var entry = await bed.Engine.GetAsync(NodepoolPaths.Request(id), Ct);
            Assert.True(entry is not null, $"request {id} is gone and nobody took its nodes; {bed.Describe()}");
            var record = NodeRequestRecord.Read(entry.Data.Span);
            if (record.State == RequestState.Fulfilled)
            {
                var taken = await _requests.TakeAsync(id, Ct);
                Assert.Equal(record.NodeTypes, taken.Select(node => node.Label));
                Served++;
                _open.Remove(id);
            }
            else if (record.State == RequestState.Failed)
            {
                await _requests.WithdrawAsync(id, Ct);
                Failed.Add(string.Join(',', record.NodeTypes));
                _open.Remove(id);
            }
        }
    }

    /// <summary>Returns all nodes that clients have.</summary>
    public async Task ReturnAsync()
    {
        foreach (var id in await IdsAsync(NodeState.InUse))
        {
            await _nodes.ReturnAsync(id, Ct);
        }
    }

    /// <summary>Takes and returns until every request has come to its end.</summary>
    public Task FinishAsync() => bed.UntilAsync("an end of every request", async () =>
    {
        await TakeAsync();
        await ReturnAsync();
        return _open.Count == 0;
    });

    /// <summary>Deletes nodes, as an operator, until there is none.</summary>
    public Task DeleteAllAsync() => bed.UntilAsync("no nodes and no requests", async () =>
    {
        foreach (var id in await IdsAsync(NodeState.Ready))
        {
            try
            {
                await _nodes.DeleteAsync(id, Ct);
            }
            catch (OperationRefusedException)
            {
                // A launcher is at it: the next look tells.
            }
        }

        return bed.View.Nodes.ById.IsEmpty && bed.View.Requests.IsEmpty;
    });

    private async Task<IReadOnlyList<string>> IdsAsync(NodeState state)
    {
        var ids = new List<string>();
        foreach (var id in await bed.Engine.ListAsync(NodepoolPaths.Nodes, Ct))
        {
            if (await bed.Engine.GetAsync(NodepoolPaths.Node(id), Ct) is { Data.IsEmpty: false } entry && NodeRecord.Read(entry.Data.Span).State == state)
                ids.Add(id);
        }

        return ids;
    }
}
