namespace Nodepool.Providers.OpenStack.Access;

/// <summary>Which of the calls that wait for their turn goes first, when the operator limits how many are made (<c>rate</c>).</summary>
public enum CallPriority
{
    /// <summary>Everybody waits for it, or it finishes what was begun: the shared listings, attaching. Few enough that the others get their turn.</summary>
    First,

    /// <summary>Most calls.</summary>
    Usual,

    /// <summary>Can wait: looking for leaks, removing old images.</summary>
    Last,
}
