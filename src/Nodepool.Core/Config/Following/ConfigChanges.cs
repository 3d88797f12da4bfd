using Nodepool.Core.Collections;

namespace Nodepool.Core.Config.Following;

/// <summary>What changed in one kind of configuration element, in file order.</summary>
/// <typeparam name="TKey">What tells elements apart.</typeparam>
/// <param name="Added">Only in the new configuration.</param>
/// <param name="Removed">Only in the old one.</param>
/// <param name="Changed">In both, with other values.</param>
public sealed record ConfigChanges<TKey>(ValueList<TKey> Added, ValueList<TKey> Removed, ValueList<TKey> Changed)
    where TKey : notnull
{
    /// <summary>Whether nothing changed.</summary>
    public bool IsEmpty => Added.Count + Removed.Count + Changed.Count == 0;

    /// <summary><c>+added -removed ~changed</c>; empty when nothing changed.</summary>
    public override string ToString() =>
        string.Join(' ', [.. Added.Select(key => $"+{key}"), .. Removed.Select(key => $"-{key}"), .. Changed.Select(key => $"~{key}")]);

    internal static ConfigChanges<TKey> Between<T>(IEnumerable<T> before, IEnumerable<T> after, Func<T, TKey> key, Func<T, T, bool> isSame)
    {
        var old = before.ToDictionary(key);
        var now = after.ToDictionary(key);
        return new ConfigChanges<TKey>(
            now.Keys.Where(name => !old.ContainsKey(name)).ToValueList(),
            old.Keys.Where(name => !now.ContainsKey(name)).ToValueList(),
            now.Where(pair => old.TryGetValue(pair.Key, out var earlier) && !isSame(earlier, pair.Value)).Select(pair => pair.Key).ToValueList());
    }
}
