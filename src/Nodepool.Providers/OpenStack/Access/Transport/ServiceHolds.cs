namespace Nodepool.Providers.OpenStack.Access.Transport;

/// <summary>Which services have asked to be left alone, and for how long. Thread-safe.</summary>
internal sealed class ServiceHolds(TimeProvider time)
{
    private readonly long[] _until = new long[Enum.GetValues<CloudService>().Length];

    /// <summary>Notes that a service wants no call for a while.</summary>
    public void Hold(CloudService service, TimeSpan duration)
    {
        var until = time.GetUtcNow().UtcTicks + duration.Ticks;
        ref var place = ref _until[(int)service];
        for (var seen = Volatile.Read(ref place); seen < until; seen = Volatile.Read(ref place))
        {
            if (Interlocked.CompareExchange(ref place, until, seen) == seen)
            {
                return;
            }
        }
    }

    /// <summary>How long it still wants none; zero when it takes calls.</summary>
    public TimeSpan Remaining(CloudService service) =>
        TimeSpan.FromTicks(Math.Max(0, Volatile.Read(ref _until[(int)service]) - time.GetUtcNow().UtcTicks));
}
