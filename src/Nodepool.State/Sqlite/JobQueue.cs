namespace Nodepool.State.Sqlite;

/// <summary>Jobs in the order of their calls, taken by the one writer thread.</summary>
internal sealed class JobQueue
{
    private const int MostAtOnce = 256;

    private readonly object _gate = new();
    private readonly Queue<IWriterJob> _jobs = new();
    private bool _closed;

    /// <summary>Adds a job.</summary>
    /// <returns>False when the queue is closed; the job is not taken.</returns>
    public bool TryAdd(IWriterJob job)
    {
        lock (_gate)
        {
            if (_closed)
            {
                return false;
            }

            _jobs.Enqueue(job);
            Monitor.Pulse(_gate);
            return true;
        }
    }

    /// <summary>Waits for jobs and moves them to <paramref name="taken"/>.</summary>
    /// <param name="taken">Receives them; stays empty when none came in time.</param>
    /// <param name="atMost">How long to wait.</param>
    /// <returns>False when the queue is closed and empty.</returns>
    public bool Take(List<IWriterJob> taken, TimeSpan atMost)
    {
        lock (_gate)
        {
            if (_jobs.Count == 0)
            {
                if (_closed)
                {
                    return false;
                }

                Monitor.Wait(_gate, atMost);
            }

            while (taken.Count < MostAtOnce && _jobs.TryDequeue(out var job))
            {
                taken.Add(job);
            }

            return true;
        }
    }

    /// <summary>Takes no more jobs.</summary>
    /// <param name="drop">Also forget those that wait.</param>
    /// <returns>What was forgotten.</returns>
    public List<IWriterJob> Close(bool drop)
    {
        lock (_gate)
        {
            _closed = true;
            Monitor.PulseAll(_gate);
            List<IWriterJob> dropped = drop ? [.. _jobs] : [];
            if (drop)
            {
                _jobs.Clear();
            }

            return dropped;
        }
    }
}
