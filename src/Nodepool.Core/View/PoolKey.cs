using Nodepool.Core.Model;

namespace Nodepool.Core.View;

/// <summary>Names a pool.</summary>
/// <param name="Provider">Name of its provider.</param>
/// <param name="Pool">Its own name.</param>
public readonly record struct PoolKey(string Provider, string Pool)
{
    /// <summary>The pool that a node is in.</summary>
    public static PoolKey Of(NodeRecord node)
    {
        ArgumentNullException.ThrowIfNull(node);
        return new PoolKey(node.Provider ?? "", node.Pool ?? "");
    }

    /// <inheritdoc/>
    public override string ToString() => $"{Provider}/{Pool}";
}
