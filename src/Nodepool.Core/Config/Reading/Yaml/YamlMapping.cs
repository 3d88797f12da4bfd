using System.Diagnostics.CodeAnalysis;

namespace Nodepool.Core.Config.Reading.Yaml;

/// <summary>A mapping with its merge keys resolved; every key occurs once.</summary>
internal sealed class YamlMapping : YamlNode
{
    private readonly OrderedDictionary<string, YamlEntry> _entries;

    public YamlMapping(TextSpan span, OrderedDictionary<string, YamlEntry> entries)
        : base(span)
    {
        _entries = entries;
        foreach (var entry in entries.Values)
        {
            Weight += 1 + entry.Value.Weight;
            Height = Math.Max(Height, entry.Value.Height);
        }

        Height++;
    }

    public IReadOnlyCollection<YamlEntry> Entries => _entries.Values;

    public override string Kind => "a mapping";

    public bool TryGet(string key, [MaybeNullWhen(false)] out YamlEntry entry) => _entries.TryGetValue(key, out entry);
}
