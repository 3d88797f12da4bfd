using Microsoft.Extensions.Logging;
using Nodepool.Core.State;

namespace Nodepool.Core.Reconciling;

/// <summary>
/// The work that is going on, at most one piece per item (a node, an image, an upload). A pass names the items that need work; what is
/// already running goes on, what has failed waits for its back-off. What an item needs is read from its record each time, so nothing
/// here needs to survive.
/// </summary>
internal sealed partial class WorkSet(WakeSignal wake, Sources sources, ILogger logger, CancellationToken ct)
{
    private static readonly TimeSpan FirstDelay = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan LongestDelay = TimeSpan.FromSeconds(30);

    private readonly Lock _lock = new();
    private readonly Dictionary<string, Task> _running = new(StringComparer.Ordinal);
    private readonly Dictionary<string, (int Failures, DateTimeOffset NotBefore)> _delayed = new(StringComparer.Ordinal);

    /// <summary>Starts work on an item unless some is going on or its back-off has not passed.</summary>
    public void Ensure(string id, Func<string, CancellationToken, Task<WorkResult>> work)
    {
        lock (_lock)
        {
            if (ct.IsCancellationRequested || _running.ContainsKey(id)
                || (_delayed.TryGetValue(id, out var delayed) && delayed.NotBefore > sources.Time.GetUtcNow()))
            {
                return;
            }

            _running[id] = Task.CompletedTask;
        }

        var task = RunAsync(id, work);
        lock (_lock)
        {
            if (_running.ContainsKey(id))
            {
                _running[id] = task;
            }
        }
    }

    /// <summary>Pieces of work that are going on.</summary>
    public int Running
    {
        get
        {
            lock (_lock)
            {
                return _running.Count;
            }
        }
    }

    /// <summary>When the next pass is due: with the first delayed item or when <paramref name="planned"/> is, after <paramref name="latest"/> in any case.</summary>
    public TimeSpan NextPass(TimeSpan latest, TimeSpan? planned)
    {
        lock (_lock)
        {
            var now = sources.Time.GetUtcNow();
            var delayed = _delayed.Values.Where(delayed => delayed.NotBefore > now).Select(delayed => delayed.NotBefore - now);
            return delayed.Append(latest).Append(planned ?? latest).Min();
        }
    }

    /// <summary>Forgets the back-off of items that no longer need work.</summary>
    public void Forget(Func<string, bool> isNeeded)
    {
        lock (_lock)
        {
            foreach (var id in _delayed.Keys.Where(id => !isNeeded(id)).ToArray())
            {
                _delayed.Remove(id);
            }
        }
    }

    /// <summary>Waits until all work has ended; the caller has cancelled it before.</summary>
    public async Task DrainAsync()
    {
        Task[] running;
        lock (_lock)
        {
            running = [.. _running.Values];
        }

        await Task.WhenAll(running);
    }

    private async Task RunAsync(string id, Func<string, CancellationToken, Task<WorkResult>> work)
    {
        var result = WorkResult.TryLater;
        try
        {
            result = await work(id, ct);
        }
        catch (OperationCanceledException) when (ct.IsCancellationRequested)
        {
            // Whoever runs the pool next goes on from the record.
        }
        catch (StateException e) when (e.IsConflict || e.Fault == StateFault.SessionEnded)
        {
            LogConflict(logger, id, e.Message);
        }
#pragma warning disable CA1031 // Work on one item must not disturb the others, whatever happens to it.
        catch (Exception e)
#pragma warning restore CA1031
        {
            LogFailure(logger, e, id);
        }

        lock (_lock)
        {
            _running.Remove(id);
            if (result == WorkResult.Done)
            {
                _delayed.Remove(id);
            }
            else
            {
                var failures = _delayed.GetValueOrDefault(id).Failures + (result == WorkResult.TryLater ? 1 : 0);
                _delayed[id] = (failures, sources.Time.GetUtcNow() + Backoff.Delay(Math.Max(1, failures), FirstDelay, LongestDelay, sources.Random.NextDouble()));
            }
        }

        wake.Set();
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "{Item}: work failed, will be tried again")]
    private static partial void LogFailure(ILogger logger, Exception e, string item);

    [LoggerMessage(Level = LogLevel.Debug, Message = "{Item}: somebody was quicker: {Conflict}")]
    private static partial void LogConflict(ILogger logger, string item, string conflict);
}
