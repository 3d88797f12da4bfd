namespace Nodepool.Core.View;

/// <summary>Names a pool.</summary>
/// <param name="Provider">Name of its provider.</param>
/// <param name="Pool">Its own name.</param>
public readonly record struct PoolKey(string Provider, string Pool)
{
    /// <inheritdoc/>
    public override string ToString() => $"{Provider}/{Pool}";
}
