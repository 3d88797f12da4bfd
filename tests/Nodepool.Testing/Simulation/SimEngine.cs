using System.Runtime.CompilerServices;
using Nodepool.Core.State;
using Nodepool.State.Memory;

namespace Nodepool.Testing.Simulation;

/// <summary>
/// One process's session at the simulated store. Before and after each call the fault plan may strike: the process dies, is cut off,
/// stands still; the call takes long, is refused, or is done while its answer is lost. Commits keep the order of their calls.
/// </summary>
internal sealed class SimEngine : IStateEngine
{
    /// <summary>Delays count whole milliseconds: less would be none, and no time would pass.</summary>
    private static readonly TimeSpan OneMillisecond = TimeSpan.FromMilliseconds(1);

    private readonly SimWorld _world;
    private readonly SimProcess _process;
    private readonly FaultRates _rates;
    private readonly MemoryEngine _inner;
    private readonly CancellationTokenSource _ended = new();
    private readonly CancellationTokenRegistration _innerEnded;
    private Task _lastCommit = Task.CompletedTask;
    private DateTimeOffset _cutOffUntil;

    public SimEngine(SimWorld world, SimProcess process, FaultRates rates)
    {
        _world = world;
        _process = process;
        _rates = rates;
        _inner = world.Tree.Open(process.Sources);
        _innerEnded = _inner.SessionEnded.Register(() => Tell(_ended));
        world.Model.Opened(_inner.SessionId, process);
        world.Trace.Line(process.Name, $"session {_inner.SessionId} opened");
    }

    public CancellationToken SessionEnded => _ended.Token;

    public long SessionId => _inner.SessionId;

    private bool IsCutOff => _world.Scheduler.Now < _cutOffUntil;

    public async ValueTask<Entry?> GetAsync(string path, CancellationToken ct)
    {
        await BeforeAsync("get", path, ct);
        var entry = await _inner.GetAsync(path, ct);
        await AfterAsync("get", path, isWrite: false);
        return entry;
    }

    public async ValueTask<IReadOnlyList<string>> ListAsync(string path, CancellationToken ct)
    {
        await BeforeAsync("list", path, ct);
        var names = await _inner.ListAsync(path, ct);
        await AfterAsync("list", path, isWrite: false);
        return names;
    }

    public async ValueTask<CommitResult> CommitAsync(IReadOnlyList<Write> writes, CancellationToken ct)
    {
        var predecessor = _lastCommit;
        var done = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        _lastCommit = done.Task;
        CommitResult result;
        try
        {
            await predecessor;
            var first = writes.Count > 0 ? writes[^1].Path : "";
            await BeforeAsync("commit", first, ct);
            result = await ApplyAsync(writes, ct);
        }
        finally
        {
            done.SetResult();
        }

        await AfterAsync("commit", writes.Count > 0 ? writes[^1].Path : "", isWrite: true);
        return result;
    }

    public async IAsyncEnumerable<ChangeBatch> WatchAsync(string root, [EnumeratorCancellation] CancellationToken ct)
    {
        await BeforeAsync("watch", root, ct);
        for (var isBroken = true; isBroken && !ct.IsCancellationRequested;)
        {
            isBroken = false;
            await foreach (var batch in _inner.WatchAsync(root, ct))
            {
                await ArriveAsync(ct);
                yield return batch;
                if (_world.Faults.Strikes(_rates.Repeat))
                {
                    yield return batch;
                }

                if (_world.Faults.Strikes(_rates.Resync))
                {
                    _world.Trace.Line(_process.Name, "watch breaks");
                    isBroken = true;
                    break;
                }
            }
        }

        // Whoever is cut off does not know yet that its session is over.
        await PatientlyAsync(Task.Delay(_inner.SessionEnded.IsCancellationRequested && !ct.IsCancellationRequested ? Timeout.InfiniteTimeSpan : TimeSpan.Zero, _process.Time, _ended.Token));
    }

    public async ValueTask<ILease?> TryLockAsync(string directory, LockOptions options, CancellationToken ct)
    {
        await BeforeAsync("lock", directory, ct);
        _world.Model.Acts(_process, SessionId);
        var lease = await _inner.TryLockAsync(directory, options, ct);
        _world.Trace.Line(_process.Name, $"lock {directory}: {(lease is null ? "taken" : "ours")}");
        var mine = lease is null ? null : new SimLease(this, lease);
        await AfterAsync("lock", directory, isWrite: false);
        return mine;
    }

    public async ValueTask DisposeAsync()
    {
        if (_process.IsDead)
        {
            await SimProcess.Never;
        }

        _innerEnded.Unregister();
        _world.Trace.Line(_process.Name, $"session {SessionId} closed");
        _ended.Cancel();
        await _inner.DisposeAsync();
    }

    /// <summary>The store gives a lock back for its holder, who waits for that while it is cut off.</summary>
    public async ValueTask ReleaseAsync(ILease inner)
    {
        await Task.Yield();
        await ReconnectedAsync();
        MayDie("release", inner.Path);
        await (_process.IsDead ? SimProcess.Never : Task.CompletedTask);
        _world.Trace.Line(_process.Name, $"release {inner.Path}");
        _world.Model.Acts(_process, SessionId);
        await inner.DisposeAsync();
        await AfterAsync("release", inner.Path, isWrite: false);
    }

    /// <summary>Cancels a token of the process when it can have heard of the reason: never in somebody else's call.</summary>
    public void Tell(CancellationTokenSource source)
    {
        var lag = IsCutOff ? _cutOffUntil - _world.Scheduler.Now : _world.Faults.IsActive ? _world.Faults.UpTo(0.3) : TimeSpan.Zero;
        _ = new SimTimer(_world.Scheduler, _process, _ => source.Cancel(), null, lag, Timeout.InfiniteTimeSpan);
    }

    private async ValueTask<CommitResult> ApplyAsync(IReadOnlyList<Write> writes, CancellationToken ct)
    {
        _world.Model.Acts(_process, SessionId);
        try
        {
            var result = await _inner.CommitAsync(writes, ct);
            _world.Trace.Line(_process.Name, $"commit {result.Position}: {CommitText.Of(writes, result.Created)}");
            return result;
        }
        catch (StateException e)
        {
            _world.Trace.Line(_process.Name, $"commit refused ({e.Fault} {e.Path}): {CommitText.Of(writes, [])}");
            throw;
        }
    }

    private async ValueTask BeforeAsync(string what, string path, CancellationToken ct)
    {
        MayDie($"before {what}", path);
        if (_world.Faults.Strikes(_rates.Partition))
        {
            CutOff();
        }

        if (_world.Faults.Strikes(_rates.Stall))
        {
            var time = _world.Faults.UpTo(60);
            _world.Trace.Line(_process.Name, $"stands still for {time.TotalSeconds:0.0} s");
            _world.Scheduler.Stall(_process, _world.Nature, time);
        }

        await WaitAsync(ct);
        if (IsCutOff || _world.Faults.Strikes(_rates.Unavailable))
        {
            await Task.Delay(_world.Faults.UpTo(2), _process.Time, ct);
            throw new StateException(StateFault.Unavailable, path, "the simulated store is away");
        }
    }

    private async ValueTask AfterAsync(string what, string path, bool isWrite)
    {
        MayDie($"after {what}", path);
        await WaitAsync(CancellationToken.None);
        if (isWrite && _world.Faults.Strikes(_rates.LostAnswer))
        {
            _world.Trace.Line(_process.Name, $"answer to {what} lost");
            throw new StateException(StateFault.OutcomeUnknown, path, "the simulated store's answer was lost");
        }
    }

    private async ValueTask WaitAsync(CancellationToken ct)
    {
        if (_process.IsDead)
        {
            await SimProcess.Never;
        }

        if (_world.Faults.Strikes(_rates.Slow))
        {
            await Task.Delay(_world.Faults.UpTo(3), _process.Time, ct);
        }
        else
        {
            await Task.Yield();
        }
    }

    private async ValueTask ArriveAsync(CancellationToken ct)
    {
        if (_world.Faults.Strikes(_rates.WatchLag))
        {
            await PatientlyAsync(Task.Delay(_world.Faults.UpTo(8), _process.Time, ct));
        }
        else if (_rates.Delivery > 0)
        {
            await PatientlyAsync(Task.Delay(_world.Faults.UpTo(_rates.Delivery) + OneMillisecond, _process.Time, ct));
        }

        await ReconnectedAsync();
    }

    private async ValueTask ReconnectedAsync()
    {
        while (IsCutOff)
        {
            await Task.Delay(_cutOffUntil - _world.Scheduler.Now + OneMillisecond, _process.Time);
        }
    }

    private static async Task PatientlyAsync(Task task) =>
        await task.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing | ConfigureAwaitOptions.ContinueOnCapturedContext);

    private void MayDie(string where, string path)
    {
        if (!_process.IsDead && _world.Faults.Strikes(_rates.Kill))
        {
            _world.Kill(_process, $"{where} {path}");
        }
    }

    private void CutOff()
    {
        var time = _world.Faults.UpTo(60);
        _cutOffUntil = _world.Scheduler.Now + time;
        var expiry = _world.Faults.UpTo(60);
        _world.Trace.Line(_process.Name, $"cut off for {time.TotalSeconds:0.0} s");
        if (expiry < time)
        {
            _world.Expire(SessionId, expiry);
        }
    }
}
