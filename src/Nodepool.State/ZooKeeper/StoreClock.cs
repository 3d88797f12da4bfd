namespace Nodepool.State.ZooKeeper;

/// <summary>
/// The clock of the store, as our commits have shown it: an answer with a time tells how far it is from ours, to within the duration of a request. Read
/// and set by the one reader of answers only.
/// </summary>
internal sealed class StoreClock(TimeProvider time)
{
    private long? _ms;
    private long _read;

    /// <summary>Unix milliseconds; null before the first answer.</summary>
    public long? Now => _ms + (long)time.GetElapsedTime(_read).TotalMilliseconds;

    /// <summary>An answer says that it is so late.</summary>
    public void Shows(long ms) => (_ms, _read) = (ms, time.GetTimestamp());
}
