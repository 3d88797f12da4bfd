namespace Nodepool.Providers.OpenStack.Listing;

/// <summary>
/// The time from the beginning of one listing to that of the next: halved by each listing that somebody waits for, down to
/// <see cref="Shortest"/> or to what the service needs to answer, whichever is longer; doubled by each step that passes without anybody
/// waiting, up to <see cref="Longest"/>. Not for concurrent use.
/// </summary>
internal sealed class PollingStep(TimeProvider time)
{
    /// <summary>No listing follows another sooner.</summary>
    public static readonly TimeSpan Shortest = TimeSpan.FromSeconds(1);

    /// <summary>The step after a long time in which nobody waited.</summary>
    public static readonly TimeSpan Longest = TimeSpan.FromSeconds(4);

    private long? _begun;
    private long _ended;

    /// <summary>The step now.</summary>
    public TimeSpan Current { get; private set; } = Shortest;

    /// <summary>How long the next listing has to wait; whoever asks wants one.</summary>
    public TimeSpan UntilNext()
    {
        if (_begun is not { } begun)
        {
            return TimeSpan.Zero;
        }

        var idle = time.GetElapsedTime(_ended);
        if (idle < Current)
        {
            var due = Current - time.GetElapsedTime(begun);
            return due > TimeSpan.Zero ? due : TimeSpan.Zero;
        }

        // Whoever comes after a pause is not made to wait for the step that the pause has lengthened.
        for (; idle >= Current && Current < Longest; idle -= Current)
        {
            Current = Current * 2 < Longest ? Current * 2 : Longest;
        }

        return TimeSpan.Zero;
    }

    /// <summary>A listing begins.</summary>
    public void Begin() => _begun = time.GetTimestamp();

    /// <summary>It is over, well or not.</summary>
    public void End()
    {
        _ended = time.GetTimestamp();
        var least = Longer(Shortest, time.GetElapsedTime(_begun ?? _ended, _ended));
        Current = Longer(least, Current / 2);
    }

    private static TimeSpan Longer(TimeSpan one, TimeSpan other) => one > other ? one : other;
}
