using System.Collections;
using System.Diagnostics.CodeAnalysis;

namespace Nodepool.Core.Collections;

/// <summary>An immutable map from names to values that keeps its order and compares by content, order left out.</summary>
/// <typeparam name="T">Values; compared with their default equality.</typeparam>
public sealed class ValueMap<T> : IReadOnlyDictionary<string, T>, IEquatable<ValueMap<T>>
{
    private readonly OrderedDictionary<string, T> _items = new(StringComparer.Ordinal);

    /// <summary>Copies <paramref name="items"/>; a later value of the same name wins.</summary>
    public ValueMap(IEnumerable<KeyValuePair<string, T>> items)
    {
        foreach (var (key, value) in items)
        {
            _items[key] = value;
        }
    }

    /// <summary>The map without elements.</summary>
    public static ValueMap<T> Empty { get; } = new([]);

    /// <inheritdoc/>
    public int Count => _items.Count;

    /// <inheritdoc/>
    public IEnumerable<string> Keys => _items.Keys;

    /// <inheritdoc/>
    public IEnumerable<T> Values => _items.Values;

    /// <inheritdoc/>
    public T this[string key] => _items[key];

    /// <inheritdoc/>
    public bool ContainsKey(string key) => _items.ContainsKey(key);

    /// <inheritdoc/>
    public bool TryGetValue(string key, [MaybeNullWhen(false)] out T value) => _items.TryGetValue(key, out value);

    /// <inheritdoc/>
    public IEnumerator<KeyValuePair<string, T>> GetEnumerator() => _items.GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    /// <inheritdoc/>
    public bool Equals(ValueMap<T>? other) =>
        other is not null && other.Count == Count
        && _items.All(pair => other.TryGetValue(pair.Key, out var value) && EqualityComparer<T>.Default.Equals(pair.Value, value));

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as ValueMap<T>);

    /// <inheritdoc/>
    public override int GetHashCode() => _items.Aggregate(_items.Count, (hash, pair) => hash ^ HashCode.Combine(pair.Key, pair.Value));

    /// <inheritdoc/>
    public override string ToString() => "{" + string.Join(", ", _items.Select(pair => $"{pair.Key}: {pair.Value}")) + "}";
}
