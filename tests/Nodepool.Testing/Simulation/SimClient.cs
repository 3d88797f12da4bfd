using Nodepool.Core.Collections;
using Nodepool.Core.Model;
using Nodepool.Core.Model.Json;
using Nodepool.Core.Model.Transitions;
using Nodepool.Core.State;

namespace Nodepool.Testing.Simulation;

/// <summary>
/// A client that behaves as Zuul does: scheduler and executors in one process, many jobs at once. After a
/// death its next life deletes the requests that it no longer knows; after the end of a session its jobs go on without their locks.
/// </summary>
internal sealed class SimClient(SimWorld world, string name, int seed)
{
    private readonly Random _random = new(seed);
    private readonly HashSet<string> _known = new(StringComparer.Ordinal);
    private SimStore _store = null!;
    private int _lives;

    /// <summary>Jobs that are under way.</summary>
    public int Jobs { get; private set; }

    /// <summary>No new jobs.</summary>
    public bool IsQuiet { get; set; }

    public Random Random => _random;

    public SimStore Store => _store;

    public SimProcess Process => _store.Process;

    public void Start()
    {
        Jobs = 0;
        _known.Clear();
        _store = new SimStore(world, world.NewProcess($"{name}.{++_lives}", Actors.Client));
        world.OnDeath[Process] = () => world.After(TimeSpan.FromSeconds(2) + world.Faults.UpTo(40), Start);
        Process.Start(RunAsync);
    }

    /// <summary>Deletes a request as Zuul does: whatever its state, without a lock, gone is as good.</summary>
    public async ValueTask WithdrawAsync(string request)
    {
        await _store.TryAsync(new Write.Delete(NodepoolPaths.Request(request), Write.AnyVersion));
        _known.Remove(request);
    }

    public ValueTask PauseAsync(double atMost) => new(Task.Delay(TimeSpan.FromSeconds(atMost * _random.NextDouble()), Process.Time));

    private async Task RunAsync()
    {
        await ForgetLeakedAsync();
        while (true)
        {
            await PauseAsync(8);
            if (!IsQuiet && Jobs < 12)
            {
                Process.Start(JobAsync);
            }
        }
    }

    private async Task JobAsync()
    {
        Jobs++;
        var job = new SimJob(this, world);
        await job.RunAsync(await RequestAsync());
        Jobs--;
    }

    private async ValueTask<string> RequestAsync()
    {
        var now = Process.Sources.UnixNow;
        var labels = Enumerable.Range(0, _random.Next(1, 5)).Select(_ => world.Faults.IsActive && _random.Next(40) == 0 ? SimConfig.Unserved : Pick()).Take(_random.Next(1, 5)).ToValueList();
        if (_random.Next(6) == 0)
        {
            labels = Enumerable.Repeat(_random.Next(2) == 0 ? SimConfig.Bare : SimConfig.Slot, _random.Next(1, 3)).ToValueList();
        }

        var record = new NodeRequestRecord
        {
            State = RequestState.Requested,
            StateTime = now,
            CreatedTime = now,
            NodeTypes = labels,
            Requestor = name,
            RequestorData = RawJson.FromUtf8("{\"span_info\": {\"trace_id\": 340282366920938463463374607431768211455}, \"job_name\": \"jöb\"}"u8),
            Provider = _random.Next(10) == 0 ? "beta" : null,
            EventId = Process.Sources.Ids.NewId(),
            TenantName = SimConfig.Tenants[_random.Next(SimConfig.Tenants.Count)],
        };
        int[] priorities = [100, 200, 200, 300];
        var created = await _store.AskAsync(engine => engine.CommitAsync(
            [new Write.Create(NodepoolPaths.NewRequest(priorities[_random.Next(4)]), record.Write(), CreateModes.Sequential)], CancellationToken.None));
        var id = NodepoolPaths.NameOf(created.Created[0]);
        _known.Add(id);
        world.Tally.Requests++;
        return id;
    }

    private string Pick() => SimConfig.Labels[_random.Next(SimConfig.Labels.Count)];

    /// <summary>What Zuul's scheduler does when it starts: requests in its name that belong to no queue item go.</summary>
    private async ValueTask ForgetLeakedAsync()
    {
        foreach (var id in await _store.AskAsync(engine => engine.ListAsync(NodepoolPaths.Requests, CancellationToken.None)))
        {
            var entry = await _store.AskAsync(engine => engine.GetAsync(NodepoolPaths.Request(id), CancellationToken.None));
            if (entry is not null && NodeRequestRecord.Read(entry.Data.Span).Requestor == name && !_known.Contains(id))
            {
                await WithdrawAsync(id);
            }
        }
    }
}
