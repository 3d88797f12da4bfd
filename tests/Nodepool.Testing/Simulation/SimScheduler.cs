using System.Collections.Concurrent;

namespace Nodepool.Testing.Simulation;

/// <summary>
/// One thread and one clock for all simulated processes. Each step runs one callback of one process, chosen by the seeded random among
/// those that are ready; when nothing is ready the clock jumps to the next timer. The same seed gives the same steps.
/// </summary>
internal sealed class SimScheduler(Random random)
{
    /// <summary>Computing takes time too; without it every race would be between things of the same instant.</summary>
    private const int MostTicksPerStep = 2000;

    private static readonly DateTimeOffset Begin = new(2030, 1, 1, 0, 0, 0, TimeSpan.Zero);

    private readonly int _thread = Environment.CurrentManagedThreadId;
    private readonly List<SimProcess> _ready = [];
    private readonly PriorityQueue<(SimTimer Timer, int Arming), (DateTimeOffset Due, long Number)> _timers = new();
    private readonly ConcurrentQueue<string> _escapes = new();
    private long _armings;

    /// <summary>The time of the whole simulated world.</summary>
    public DateTimeOffset Now { get; private set; } = Begin;

    /// <summary>Time since the beginning.</summary>
    public TimeSpan Elapsed => Now - Begin;

    /// <summary>How likely a process runs its callbacks out of order, as threads of a pool would.</summary>
    public double Disorder { get; init; }

    /// <summary>The process whose callback runs now.</summary>
    public SimProcess? Current { get; private set; }

    /// <summary>Steps so far.</summary>
    public long Steps { get; private set; }

    /// <summary>Told which choice a step made, before it runs.</summary>
    public Action<SimProcess, int>? Chosen { get; set; }

    /// <summary>Queues a callback.</summary>
    public void Post(SimProcess process, SendOrPostCallback callback, object? state)
    {
        if (Environment.CurrentManagedThreadId != _thread)
        {
            _escapes.Enqueue($"code of {process.Name} ran on the thread pool:{Environment.NewLine}{Environment.StackTrace}");
            return;
        }

        if (process.IsDead)
        {
            return;
        }

        process.Queue.Add((callback, state));
        if (process.Queue.Count == 1 && !process.IsStalled)
        {
            _ready.Add(process);
        }
    }

    /// <summary>Drops everything that a process still wants to do.</summary>
    public void Drop(SimProcess process)
    {
        process.Queue.Clear();
        _ready.Remove(process);
    }

    /// <summary>Lets a process stand still, as a long garbage collection or a suspended machine does.</summary>
    public void Stall(SimProcess process, SimProcess world, TimeSpan time)
    {
        if (process.IsStalled || process.IsDead)
        {
            return;
        }

        process.IsStalled = true;
        _ready.Remove(process);
        _ = new SimTimer(this, world, _ =>
        {
            process.IsStalled = false;
            if (process.Queue.Count > 0)
            {
                _ready.Add(process);
            }
        }, null, time, Timeout.InfiniteTimeSpan);
    }

    /// <summary>Runs the next callback; false when nothing will ever happen again.</summary>
    public bool Step()
    {
        if (_escapes.TryDequeue(out var escape))
        {
            throw new InvalidOperationException(escape);
        }

        Steps++;
        Now += TimeSpan.FromTicks(random.Next(MostTicksPerStep));
        FireDue();
        while (_ready.Count == 0)
        {
            if (!_timers.TryPeek(out _, out var next))
            {
                return false;
            }

            Now = next.Due > Now ? next.Due : Now;
            FireDue();
        }

        var process = _ready[random.Next(_ready.Count)];
        var index = process.Queue.Count > 1 && random.NextDouble() < Disorder ? random.Next(process.Queue.Count) : 0;
        var (callback, state) = process.Queue[index];
        process.Queue.RemoveAt(index);
        if (process.Queue.Count == 0)
        {
            _ready.Remove(process);
        }

        Chosen?.Invoke(process, index);
        Run(process, callback, state);
        return true;
    }

    /// <summary>Runs what a process has queued, now and in order: for the observer, which sees every step.</summary>
    public void RunAll(SimProcess process)
    {
        while (process.Queue.Count > 0)
        {
            var (callback, state) = process.Queue[0];
            process.Queue.RemoveAt(0);
            if (process.Queue.Count == 0)
            {
                _ready.Remove(process);
            }

            Run(process, callback, state);
        }
    }

    /// <summary>Sets a timer for its next due time.</summary>
    public void Arm(SimTimer timer, int arming, TimeSpan after) => _timers.Enqueue((timer, arming), (Now + after, ++_armings));

    private void FireDue()
    {
        while (_timers.TryPeek(out var armed, out var when) && when.Due <= Now)
        {
            _timers.Dequeue();
            armed.Timer.Fire(armed.Arming);
        }
    }

    private void Run(SimProcess process, SendOrPostCallback callback, object? state)
    {
        var outer = Current;
        Current = process;
        SynchronizationContext.SetSynchronizationContext(process);
        try
        {
            callback(state);
        }
        finally
        {
            Current = outer;
            SynchronizationContext.SetSynchronizationContext(outer);
        }
    }
}
