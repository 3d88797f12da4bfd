namespace Nodepool.Core.Reconciling;

/// <summary>How long to wait after failures.</summary>
public static class Backoff
{
    /// <summary>
    /// A number in [0, 1) that belongs to a name: chance for planners, whose decisions must be the same after a restart.
    /// </summary>
    /// <param name="name">Whose failure it is, such as the path of its record.</param>
    public static double ChanceOf(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        return (uint)StableHash.Of(name) / (1.0 + uint.MaxValue);
    }

    /// <summary>
    /// Doubles from <paramref name="first"/> up to <paramref name="cap"/>; the last half is left to chance so that many waiters spread.
    /// </summary>
    /// <param name="failures">Failures so far, from 1.</param>
    /// <param name="first">Longest delay after the first failure.</param>
    /// <param name="cap">Longest delay of all.</param>
    /// <param name="random">In [0, 1).</param>
    public static TimeSpan Delay(int failures, TimeSpan first, TimeSpan cap, double random)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(failures, 1);
        var full = Math.Min(cap.TotalSeconds, first.TotalSeconds * Math.Pow(2, Math.Min(failures - 1, 30)));
        return TimeSpan.FromSeconds(full * (0.5 + (random / 2)));
    }
}
