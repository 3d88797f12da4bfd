namespace Nodepool.Core.Providers;

/// <summary>How far a deletion is.</summary>
/// <param name="IsGone">The cloud says that nothing is left; accepting the call is not enough.</param>
/// <param name="WakeAfter">When to call again while it is not gone.</param>
public sealed record DeleteProgress(bool IsGone, TimeSpan WakeAfter = default)
{
    /// <summary>Nothing is left.</summary>
    public static DeleteProgress Gone { get; } = new(true);
}
