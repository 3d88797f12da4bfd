namespace Nodepool.Core.State;

/// <summary>How a lock is taken.</summary>
/// <param name="Holder">Text stored in the contender entry, for people and for peers that look at it; may be empty.</param>
/// <param name="Wait">How long to wait for the present holder; zero gives up at once.</param>
/// <param name="SurvivesSession">The contender is persistent (the backing nodes of the metastatic driver need that).</param>
public sealed record LockOptions(string Holder = "", TimeSpan Wait = default, bool SurvivesSession = false)
{
    /// <summary>No text, no waiting, ends with the session.</summary>
    public static LockOptions Immediate { get; } = new();
}
