namespace Nodepool.Providers.OpenStack.Access;

/// <summary>Which of the calls that wait for their turn goes first, when the operator limits how many are made (<c>rate</c>).</summary>
public enum CallPriority
{
    /// <summary>Somebody waits for it and it is what they wait for: creating and attaching.</summary>
    First,

    /// <summary>Most calls.</summary>
    Usual,

    /// <summary>Can wait: looking for leaks, removing old images.</summary>
    Last,
}
