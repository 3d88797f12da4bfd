namespace Nodepool.State.Sqlite;

/// <summary>Wakes one thread; being woken twice before it looks is being woken once. Needs no closing.</summary>
internal sealed class WakeUp
{
    private readonly object _gate = new();
    private readonly object _silence = new();
    private bool _isSet;

    public void Set()
    {
        lock (_gate)
        {
            _isSet = true;
            Monitor.Pulse(_gate);
        }
    }

    /// <summary>Waits until woken, or no longer than <paramref name="atMost"/>.</summary>
    public void Wait(TimeSpan atMost)
    {
        lock (_gate)
        {
            if (!_isSet)
            {
                Monitor.Wait(_gate, atMost);
            }

            _isSet = false;
        }
    }

    /// <summary>Waits without being woken.</summary>
    public void Rest(TimeSpan time)
    {
        lock (_silence)
        {
            Monitor.Wait(_silence, time);
        }
    }
}
