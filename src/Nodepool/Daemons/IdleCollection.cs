namespace Nodepool.Daemons;

/// <summary>
/// Gives back the memory that a burst of work has left. The runtime collects when something is allocated: the records of nodes live long enough to become old
/// objects, and a daemon that has nothing to do after thousands of them would keep all their dead versions (100 MB, when 11 MB live) until there is work again.
/// </summary>
internal sealed partial class IdleCollection : IDisposable
{
    /// <summary>How often it looks, and how long nothing must have been done.</summary>
    internal static readonly TimeSpan Period = TimeSpan.FromSeconds(5);

    /// <summary>Bytes allocated within a period from which on something is being done: nobody's answer is to wait for the collection.</summary>
    internal const long Busy = 8 << 20;

    /// <summary>Bytes by which the heap must be larger than it has been.</summary>
    internal const long Worthwhile = 32 << 20;

    private readonly IManagedHeap _heap;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly ITimer _timer;
    private long _allocated;
    private long _allocatedAtLast;
    private long _kept;
    private long? _smallest;

    /// <summary>Begins to look; disposing ends it.</summary>
    public IdleCollection(IManagedHeap heap, TimeProvider time, ILogger logger)
    {
        (_heap, _time, _logger) = (heap, time, logger);
        _allocated = heap.Allocated;
        _timer = time.CreateTimer(_ => Look(), null, Period, Period);
    }

    public void Dispose() => _timer.Dispose();

    private void Look()
    {
        var allocated = _heap.Allocated;
        var isBusy = allocated - _allocated >= Busy;
        _allocated = allocated;
        var before = _heap.Size;
        // What was alive the last time may have died since: if much was, the more must have been done for another try.
        if (isBusy || before - (_smallest ?? 0) < Worthwhile || allocated - _allocatedAtLast < Math.Max(Worthwhile, 2 * _kept))
        {
            return;
        }

        var start = _time.GetTimestamp();
        _heap.Shrink();
        _kept = _heap.Size;
        _smallest = Math.Min(_smallest ?? _kept, _kept);
        _allocatedAtLast = allocated;
        LogShrunk(_logger, before >> 20, _kept >> 20, _time.GetElapsedTime(start).TotalMilliseconds);
    }

    [LoggerMessage(Level = LogLevel.Debug, Message = "nothing to do: memory collected, {Before} MiB before, {After} MiB after, in {Milliseconds:0.0} ms")]
    private static partial void LogShrunk(ILogger logger, long before, long after, double milliseconds);
}
