using Nodepool.Core.Model;
using Nodepool.Core.Model.Transitions;
using Nodepool.Core.State;

namespace Nodepool.Testing.Simulation.Days;

/// <summary>
/// A CI system with thousands of jobs a day, in one process: it follows its requests by one watch. After a death its next life deletes the requests that
/// it no longer knows.
/// </summary>
internal sealed class DayClient(SimWorld world, DaySettings settings, int seed)
{
    /// <summary>Who asks.</summary>
    public const string Requestor = "zuul";

    private readonly Dictionary<string, NodeRequestRecord> _ended = new(StringComparer.Ordinal);
    private readonly Dictionary<string, TaskCompletionSource<NodeRequestRecord?>> _waiting = new(StringComparer.Ordinal);
    private readonly Random _random = new(seed);
    private int _lives;

    /// <summary>Jobs that are under way.</summary>
    public int Jobs { get; set; }

    /// <summary>No new jobs.</summary>
    public bool IsQuiet { get; set; }

    public SimWorld World => world;

    public SimStore Store { get; private set; } = null!;

    public SimProcess Process => Store.Process;

    public void Start()
    {
        Jobs = 0;
        _ended.Clear();
        _waiting.Clear();
        Store = new SimStore(world, world.NewProcess($"{Requestor}.{++_lives}", Actors.Client));
        world.OnDeath[Process] = () => world.After(TimeSpan.FromSeconds(5) + world.Faults.UpTo(60), Start);
        Process.Start(RunAsync);
    }

    /// <summary>Asks for nodes.</summary>
    /// <param name="work">What for.</param>
    /// <param name="relativePriority">Place in its queue.</param>
    /// <returns>The id.</returns>
    public async ValueTask<string> SubmitAsync(DayWork work, int relativePriority)
    {
        var now = Process.Sources.UnixNow;
        var record = new NodeRequestRecord
        {
            State = RequestState.Requested,
            StateTime = now,
            CreatedTime = now,
            NodeTypes = work.Labels,
            Requestor = Requestor,
            RelativePriority = relativePriority,
            TenantName = work.Tenant,
        };
        var created = await Store.AskAsync(engine => engine.CommitAsync(
            [new Write.Create(NodepoolPaths.NewRequest(work.Priority), record.Write(), CreateModes.Sequential)], CancellationToken.None));
        world.Tally.Requests++;
        return NodepoolPaths.NameOf(created.Created[0]);
    }

    /// <summary>A request when it has ended; null when <paramref name="ct"/> was quicker.</summary>
    public async ValueTask<NodeRequestRecord?> EndedAsync(string id, CancellationToken ct)
    {
        if (_ended.TryGetValue(id, out var ended))
        {
            return ended;
        }

        var waiting = _waiting[id] = new TaskCompletionSource<NodeRequestRecord?>(TaskCreationOptions.RunContinuationsAsynchronously);
        using var given = ct.Register(() => waiting.TrySetResult(null));
        var result = await waiting.Task;
        _waiting.Remove(id);
        return result;
    }

    /// <summary>Deletes a request, whatever its state; gone is as good.</summary>
    public async ValueTask WithdrawAsync(string id) => await Store.TryAsync(new Write.Delete(NodepoolPaths.Request(id), Write.AnyVersion));

    private async Task RunAsync()
    {
        await ForgetLeakedAsync();
        Process.Start(FollowAsync);
        new DayTraffic(this, settings, _random).Start();
    }

    private async Task FollowAsync()
    {
        while (true)
        {
            try
            {
                await foreach (var batch in Store.Engine.WatchAsync(NodepoolPaths.Requests, CancellationToken.None))
                {
                    foreach (var (path, entry) in batch.Changes)
                    {
                        if (path.Length > NodepoolPaths.Requests.Length)
                        {
                            Seen(NodepoolPaths.NameOf(path), entry);
                        }
                    }
                }
            }
            catch (StateException)
            {
                // The store is away; the next watch begins with everything.
            }

            await Task.Delay(TimeSpan.FromSeconds(1), Process.Time);
        }
    }

    private void Seen(string id, Entry? entry)
    {
        if (entry is null)
        {
            _ended.Remove(id);
            world.Require(!_waiting.TryGetValue(id, out var waiting) || waiting.Task.IsCompleted, $"request {id} is gone although its client still waits for it");
            return;
        }

        if (NodeRequestRecord.Read(entry.Data.Span) is { State: RequestState.Fulfilled or RequestState.Failed } ended)
        {
            _ended[id] = ended;
            _waiting.GetValueOrDefault(id)?.TrySetResult(ended);
        }
    }

    private async ValueTask ForgetLeakedAsync()
    {
        foreach (var id in await Store.AskAsync(engine => engine.ListAsync(NodepoolPaths.Requests, CancellationToken.None)))
        {
            var entry = await Store.AskAsync(engine => engine.GetAsync(NodepoolPaths.Request(id), CancellationToken.None));
            if (entry is not null && NodeRequestRecord.Read(entry.Data.Span).Requestor == Requestor)
            {
                await WithdrawAsync(id);
            }
        }
    }
}
