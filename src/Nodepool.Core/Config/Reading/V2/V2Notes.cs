using Nodepool.Core.Config.Reading.Yaml;

namespace Nodepool.Core.Config.Reading.V2;

/// <summary>What a translation leaves out or changes: a warning for each kind of key, and remarks where the keys stood.</summary>
internal sealed class V2Notes
{
    private const int LongestValue = 300;

    private readonly OrderedDictionary<string, Group> _groups = new(StringComparer.Ordinal);

    /// <summary>Remarks in the translated tree.</summary>
    public TreeComments Comments { get; } = new();

    /// <summary>Leaves a key out, if it is there.</summary>
    /// <param name="map">The mapping that may have it.</param>
    /// <param name="key">The key; after this it counts as known.</param>
    /// <param name="reason">Why, and what to do instead.</param>
    /// <param name="draft">Gets a remark with the value, unless that is secret; null for none.</param>
    public void Drop(ConfigMap map, string key, string reason, MappingDraft? draft = null)
    {
        map.Ignore(key);
        if (map.Node.TryGet(key, out var entry))
        {
            var isFirst = Count(map, key, $"{Wording.Quote(key)} has no meaning any more: {reason}");
            draft?.Remark($"left out {Shown(map, key, entry)}{(isFirst ? ": " + reason : "")}");
        }
    }

    /// <summary>Like <see cref="Drop"/>, with a remark only the first time: for keys whose value nobody will look for.</summary>
    public void DropQuietly(ConfigMap map, string key, string reason, MappingDraft draft)
    {
        map.Ignore(key);
        if (map.Node.TryGet(key, out var entry) && Count(map, key, $"{Wording.Quote(key)} has no meaning any more: {reason}"))
        {
            draft.Remark($"left out {Shown(map, key, entry)}, here and below: {reason}");
        }
    }

    /// <summary>Says of a key that it means something else now, or not all that it meant.</summary>
    /// <param name="map">The mapping that has it.</param>
    /// <param name="key">The key.</param>
    /// <param name="message">What is different.</param>
    /// <param name="draft">Gets the message as remark, once; null for none.</param>
    public void Change(ConfigMap map, string key, string message, MappingDraft? draft = null)
    {
        if (Count(map, key, message))
        {
            draft?.Remark(message);
        }
    }

    /// <summary>Says of the keys that nobody knows that they are left out; the daemons of that time ignored them as well.</summary>
    public void DropUnread(IEnumerable<UnreadKey> keys)
    {
        foreach (var (map, entry, nearest) in keys.DistinctBy(key => key.Entry.KeyPlace))
        {
            var suggestion = nearest is null ? "" : $" (did you mean {Wording.Quote(nearest)}?)";
            Count(map, entry.Key, $"unknown key {Wording.Quote(entry.Key)}{suggestion}; it is ignored, as the daemons of that time did");
        }
    }

    /// <summary>Adds the warnings, one for each message.</summary>
    public void Report()
    {
        foreach (var (message, group) in _groups)
        {
            var others = group.Count == 1 ? "" : group.Count == 2 ? " (also in one other place)" : $" (also in {group.Count - 1} other places)";
            group.Map.ReportAt(isError: false, group.Place, group.Path, message + others);
        }
    }

    private bool Count(ConfigMap map, string key, string message)
    {
        if (_groups.TryGetValue(message, out var group))
        {
            group.Count++;
            return false;
        }

        var place = map.Node.TryGet(key, out var entry) ? entry.KeyPlace : map.Offset;
        _groups[message] = new Group(map, place, map.PathOf(Wording.Printable(key, 100)));
        return true;
    }

    /// <summary>A key that is left out, with its value when that is no secret and can be put on a line.</summary>
    private static string Shown(ConfigMap map, string key, YamlEntry entry)
    {
        var name = map.PathOf(key) is var path && path.Contains('[') ? key : path;
        var value = SecretNames.Hides(key) ? "" : entry.Value switch
        {
            YamlScalar scalar => scalar.Text,
            YamlSequence list when list.Items.All(item => item.Value is YamlScalar) => string.Join(", ", list.Items.Select(item => ((YamlScalar)item.Value).Text)),
            _ => "",
        };
        return value.Length == 0 ? $"'{name}'" : $"'{name}: {Wording.Printable(value, LongestValue)}'";
    }

    private sealed class Group(ConfigMap map, int place, string path)
    {
        public ConfigMap Map { get; } = map;

        public int Place { get; } = place;

        public string Path { get; } = path;

        public int Count { get; set; } = 1;
    }
}
