using Nodepool.Core.Config.Reading.Yaml;

namespace Nodepool.Core.Config.Reading;

/// <summary>
/// A mapping of a configuration file with the place of every key. Getters check type and range, add a <see cref="ConfigProblem"/>
/// for what is wrong and then return the default, so that one run finds all errors. A key whose value is empty or <c>null</c>
/// counts as absent. Keys that no getter asked for are reported as unknown, with the nearest known name.
/// </summary>
public sealed partial class ConfigMap
{
    private readonly ConfigDocument _document;
    private readonly ConfigPosition _position;
    private readonly HashSet<string> _known;
    private readonly Dictionary<string, IReadOnlyList<ConfigMap>> _children = new(StringComparer.Ordinal);
    private bool _isIgnored;

    internal ConfigMap(ConfigDocument document, YamlMapping node, ConfigPosition position)
        : this(document, node, position, new HashSet<string>(StringComparer.Ordinal))
    {
    }

    private ConfigMap(ConfigDocument document, YamlMapping node, ConfigPosition position, HashSet<string> known)
    {
        _document = document;
        Node = node;
        _position = position;
        _known = known;
    }

    /// <summary>Key path of this mapping, such as <c>providers[0].pools[1]</c>; empty for the whole file.</summary>
    public string Path => _position.Path;

    internal YamlMapping Node { get; }

    /// <summary>Where the mapping, or the alias for it, begins.</summary>
    internal int Offset => _position.Place;

    /// <summary>Whether the key is there and not empty.</summary>
    public bool Has(string key) => Find(key) is not null;

    /// <summary>The mapping below a key; null when absent.</summary>
    public ConfigMap? Map(string key)
    {
        if (_children.TryGetValue(key, out var seen))
        {
            return seen.Count == 0 ? null : seen[0];
        }

        ConfigMap? child = null;
        if (Find(key) is { } entry)
        {
            if (entry.Value is YamlMapping mapping)
            {
                child = Child(key, mapping, PathOf(key), entry.ValuePlace);
            }
            else
            {
                WrongKind(key, entry, "a mapping ('key: value' lines)");
            }
        }

        _children[key] = child is null ? [] : [child];
        return child;
    }

    /// <summary>The mappings of the list below a key; empty when absent. Asking again gives the same ones.</summary>
    public IReadOnlyList<ConfigMap> Maps(string key)
    {
        if (_children.TryGetValue(key, out var seen))
        {
            return seen;
        }

        var children = new List<ConfigMap>();
        foreach (var (path, item) in Items(key, "a list of mappings ('- key: value' lines)"))
        {
            if (item.Value is YamlMapping mapping)
            {
                children.Add(Child(key, mapping, path, item.Place));
            }
            else
            {
                ReportAt(isError: true, item.Place, path, Complaint.OfValue("a mapping", $"this is {item.Value.Kind}"));
            }
        }

        return _children[key] = children;
    }

    /// <summary>An error at the key's value, at the key when the value is no single one, or at the mapping when the key is absent or "".</summary>
    public void Error(string key, Complaint complaint) => Report(isError: true, key, complaint);

    /// <summary>A warning, placed like an <see cref="Error"/>.</summary>
    public void Warn(string key, Complaint complaint) => Report(isError: false, key, complaint);

    /// <summary>Keys that are known and mean nothing here: neither read nor complained about.</summary>
    public void Ignore(params ReadOnlySpan<string> keys)
    {
        foreach (var key in keys)
        {
            _known.Add(key);
        }
    }

    /// <summary>So many problems, errors among them, that looking for more is a waste of time.</summary>
    internal bool IsHopeless => _document.HasTooManyProblems && _document.HasErrors;

    /// <summary>No complaint about anything in this mapping.</summary>
    internal void IgnoreAll() => _isIgnored = true;

    /// <summary>All keys, in file order.</summary>
    public IEnumerable<string> Keys => Node.Entries.Select(entry => entry.Key);

    internal bool Contains(string key) => Node.TryGet(key, out _);

    /// <summary>
    /// The same mapping for a reader who can do without any of it: what is wrong becomes a warning. Keys known to one are known to both.
    /// </summary>
    internal ConfigMap Leniently() => new(_document, Node, _position with { IsLenient = true }, _known);

    /// <summary>Key path in the file of a key of this mapping.</summary>
    internal string PathOf(string key) => Node.TryGet(key, out var entry) && entry.Origin is { } origin ? origin : _position.PathOf(key);

    /// <summary>The keys here and in what was read below that no reader asked for.</summary>
    internal IEnumerable<UnreadKey> UnreadKeys() => _isIgnored ? [] : Node.Entries
        .Where(entry => !_known.Contains(entry.Key))
        .Select(entry => new UnreadKey(this, entry, NearestName.Of(entry.Key, _known)))
        .Concat(_children.Values.SelectMany(children => children).SelectMany(child => child.UnreadKeys()));

    /// <summary>Where <see cref="Error"/> would point.</summary>
    internal TextPlace PlaceOf(string key)
    {
        var place = !Node.TryGet(key, out var entry) ? _position.Place : entry.Value is YamlScalar ? entry.ValuePlace : entry.KeyPlace;
        return _document.Text.PlaceOf(place);
    }

    /// <summary>1-based line of an offset in the expanded text.</summary>
    internal int LineOf(int offset) => _document.Text.PlaceOf(offset).Line;

    internal void ReportAt(bool isError, int offset, string keyPath, Complaint complaint) =>
        _document.AddProblem(isError && !_position.IsLenient, _document.Text.PlaceOf(offset), keyPath, complaint);

    internal void ReportUnknownKeys()
    {
        if (_isIgnored)
        {
            return;
        }

        foreach (var entry in Node.Entries)
        {
            if (_known.Contains(entry.Key) || IsHopeless)
            {
                continue;
            }

            ReportAt(
                isError: true,
                entry.KeyPlace,
                PathOf(Wording.Printable(entry.Key, 100)),
                Complaint.OfName($"unknown key {Wording.Quote(entry.Key)}", entry.Key, _known, "known here"));
        }

        foreach (var child in _children.Values.SelectMany(children => children))
        {
            child.ReportUnknownKeys();
        }
    }

    private void Report(bool isError, string key, Complaint complaint) =>
        _document.AddProblem(isError && !_position.IsLenient, PlaceOf(key), PathOf(key), complaint);

    private ConfigMap Child(string key, YamlMapping mapping, string path, int place) =>
        new(_document, mapping, _position with { Path = path, Place = place, IsHidden = _position.IsHidden || SecretNames.Hides(key) });

    private YamlEntry? Find(string key)
    {
        _known.Add(key);
        return Node.TryGet(key, out var entry) && entry.Value is not YamlScalar { IsNull: true } ? entry : null;
    }

    private IEnumerable<(string Path, YamlItem Item)> Items(string key, string expected)
    {
        if (Find(key) is not { } entry)
        {
            return [];
        }

        if (entry.Value is YamlSequence list)
        {
            return list.Items.Select((item, index) => (item.Origin ?? $"{PathOf(key)}[{index}]", item));
        }

        WrongKind(key, entry, expected);
        return [];
    }

    private void WrongKind(string key, YamlEntry entry, string expected) => Error(key, Complaint.OfValue(expected, $"this is {entry.Value.Kind}"));
}
