namespace Nodepool.Core.Reconciling;

/// <summary>
/// When something that is done from time to time is due. Its clock may be set back: nothing waits for longer than its longest pause. Due at the beginning. Not for several threads.
/// </summary>
/// <param name="time">The clock.</param>
/// <param name="longest">The longest pause.</param>
internal sealed class NextTurn(TimeProvider time, TimeSpan longest)
{
    private DateTimeOffset _at = DateTimeOffset.MinValue;

    /// <summary>Time until it is due; zero when it is.</summary>
    public TimeSpan Wait => _at - time.GetUtcNow() is var wait && wait > TimeSpan.Zero && wait <= longest ? wait : TimeSpan.Zero;

    /// <summary>It is due.</summary>
    public bool IsDue => Wait == TimeSpan.Zero;

    /// <summary>Makes it due after a pause from now on; zero makes it due at once.</summary>
    public void After(TimeSpan pause) => _at = time.GetUtcNow() + pause;
}
