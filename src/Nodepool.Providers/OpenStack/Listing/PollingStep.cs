namespace Nodepool.Providers.OpenStack.Listing;

/// <summary>
/// The time from the beginning of one listing to that of the next: halved by each listing that somebody waits for, down to
/// <see cref="Shortest"/> or to what the service needs to answer, whichever is longer; doubled by each step that passes without anybody
/// waiting, up to <see cref="Longest"/>. Not for concurrent use.
/// </summary>
/// <param name="time">The clock.</param>
/// <param name="callInterval">Least time between two calls to the cloud, whatever they are.</param>
internal sealed class PollingStep(TimeProvider time, TimeSpan callInterval = default)
{
    /// <summary>Listings go before other calls, so that a node is not late because others are being ordered; this share is theirs at most.</summary>
    private const int CallsPerListing = 4;

    /// <summary>No listing follows another sooner, however fast the cloud is.</summary>
    public static readonly TimeSpan Least = TimeSpan.FromSeconds(1);

    private long? _begun;
    private long _ended;

    /// <summary>No listing follows another sooner.</summary>
    public TimeSpan Shortest { get; } = Longer(Least, callInterval * CallsPerListing);

    /// <summary>The step after a long time in which nobody waited.</summary>
    public TimeSpan Longest => Shortest * 4;

    /// <summary>The step now.</summary>
    public TimeSpan Current { get; private set; } = Longer(Least, callInterval * CallsPerListing);

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
