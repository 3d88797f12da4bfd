namespace Nodepool.Testing.Clouds;

/// <summary>When a trouble lasts: from a moment on, for a while, once or again and again.</summary>
/// <param name="From">Its first beginning.</param>
/// <param name="Length">How long it lasts.</param>
/// <param name="Every">From one beginning to the next; null for once.</param>
public readonly record struct Spell(TimeSpan From, TimeSpan Length, TimeSpan? Every = null)
{
    /// <summary>From the beginning, without end.</summary>
    public static Spell Always { get; } = new(TimeSpan.Zero, TimeSpan.MaxValue);

    /// <summary>Whether it lasts at that moment.</summary>
    public bool Holds(TimeSpan at)
    {
        var since = at - From;
        return since >= TimeSpan.Zero && (Every is { } every ? TimeSpan.FromTicks(since.Ticks % every.Ticks) : since) < Length;
    }
}
