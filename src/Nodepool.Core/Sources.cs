namespace Nodepool.Core;

/// <summary>
/// Everything that is not determined by stored records: time, ids and chance. One instance per process; the simulator
/// passes its own so that the same seed gives the same run.
/// </summary>
/// <param name="Time">The only clock.</param>
/// <param name="Ids">The only source of unique names.</param>
/// <param name="Random">The only source of chance.</param>
public sealed record Sources(TimeProvider Time, IIdSource Ids, IRandomSource Random)
{
    /// <summary>The current time as stored in records: Unix seconds with a fraction.</summary>
    public double UnixNow => (Time.GetUtcNow() - DateTimeOffset.UnixEpoch).TotalSeconds;
}
