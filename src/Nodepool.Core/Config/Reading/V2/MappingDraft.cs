using Nodepool.Core.Config.Reading.Yaml;

namespace Nodepool.Core.Config.Reading.V2;

/// <summary>A mapping of the present form in the making. Its entries keep the places and key paths that the file has them under.</summary>
/// <param name="comments">Where remarks go.</param>
/// <param name="place">Offset in the file of what it stems from.</param>
/// <param name="origin">Key path in the file of what it stems from.</param>
internal sealed class MappingDraft(TreeComments comments, int place, string origin)
{
    private readonly OrderedDictionary<string, YamlEntry> _entries = new(StringComparer.Ordinal);
    private readonly List<(string Key, string Line)> _remarks = [];
    private readonly List<string> _pending = [];

    /// <summary>For a mapping that stems from a mapping.</summary>
    public MappingDraft(TreeComments comments, ConfigMap from)
        : this(comments, from.Offset, from.Path)
    {
    }

    public int Place => place;

    public string Origin => origin;

    /// <summary>Entries so far.</summary>
    public int Count => _entries.Count;

    /// <summary>Takes a key over if it is there, also when it is empty.</summary>
    /// <param name="from">The mapping that may have it.</param>
    /// <param name="key">The key there.</param>
    /// <param name="name">The key here; null for the same.</param>
    /// <returns>Whether it was there.</returns>
    public bool Copy(ConfigMap from, string key, string? name = null)
    {
        from.Ignore(key);
        if (!from.Node.TryGet(key, out var entry))
        {
            return false;
        }

        Add(entry with { Key = name ?? key, Origin = from.PathOf(key) });
        return true;
    }

    /// <summary>Takes over those of several keys that are there.</summary>
    public void CopyAll(ConfigMap from, params ReadOnlySpan<string> keys)
    {
        foreach (var key in keys)
        {
            Copy(from, key);
        }
    }

    /// <summary>A value that the file does not have.</summary>
    /// <param name="key">The key.</param>
    /// <param name="text">The value.</param>
    /// <param name="isPlain">Written without quotes.</param>
    public void Put(string key, string text, bool isPlain = true) => Put(key, new YamlScalar(new TextSpan(place, place), text, isPlain));

    /// <summary>A list or mapping that the file does not have like this; or a value that it has elsewhere.</summary>
    public void Put(string key, YamlNode value, int? valuePlace = null, string? valueOrigin = null) =>
        Add(new YamlEntry(key, valuePlace ?? place, value, valuePlace ?? place, valueOrigin ?? origin));

    /// <summary>A list of mappings, left out when empty.</summary>
    /// <param name="key">The key.</param>
    /// <param name="drafts">The elements.</param>
    /// <param name="from">The mapping whose key of the same name it stems from; null when there is none.</param>
    public void Put(string key, IReadOnlyList<MappingDraft> drafts, ConfigMap? from = null)
    {
        if (drafts.Count == 0)
        {
            return;
        }

        var list = new YamlSequence(new TextSpan(place, place), [.. drafts.Select(draft => new YamlItem(draft.Seal(), draft.Place, draft.Origin))]);
        if (from is not null && from.Node.TryGet(key, out var entry))
        {
            Add(entry with { Value = list, Origin = from.PathOf(key) });
        }
        else
        {
            Put(key, list);
        }
    }

    /// <summary>A remark before the next key.</summary>
    public void Remark(string line) => _pending.Add(line);

    /// <summary>The finished mapping.</summary>
    public YamlMapping Seal()
    {
        var mapping = new YamlMapping(new TextSpan(place, place), _entries);
        foreach (var (key, line) in _remarks.Concat(_pending.Select(line => (TreeComments.End, line))))
        {
            comments.Add(mapping, key, line);
        }

        return mapping;
    }

    private void Add(YamlEntry entry)
    {
        _remarks.AddRange(_pending.Select(line => (entry.Key, line)));
        _pending.Clear();
        _entries[entry.Key] = entry;
    }
}
