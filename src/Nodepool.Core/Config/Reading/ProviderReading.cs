using Nodepool.Core.Config.Reading.Yaml;

namespace Nodepool.Core.Config.Reading;

/// <summary>A provider section together with what its driver made of it.</summary>
/// <param name="section">The element of <c>providers</c>.</param>
/// <param name="config">What the driver read; null when there is no such driver.</param>
internal sealed class ProviderReading(ConfigMap section, ProviderConfig? config)
{
    private Dictionary<string, YamlItem>? _labels;
    private Dictionary<string, ConfigMap>? _pools;

    public ConfigMap Section { get; } = section;

    public ProviderConfig? Config { get; } = config;

    public string Name => Section.Text("name") ?? "";

    /// <summary>
    /// Every label name in the section with its place. Looks at the text, not at what a driver made of it: so it knows the labels
    /// of drivers that do not exist here, and the place of those that drivers keep in shapes of their own (hosts of <c>static</c>).
    /// </summary>
    public IReadOnlyDictionary<string, YamlItem> Labels => _labels ??= FindLabels();

    /// <summary>The pool section of that name, or the provider section.</summary>
    public ConfigMap PoolOrSelf(string pool)
    {
        _pools ??= Section.Maps("pools").DistinctBy(map => map.Text("name") ?? "").ToDictionary(map => map.Text("name") ?? "", StringComparer.Ordinal);
        return _pools.GetValueOrDefault(pool) ?? Section;
    }

    private Dictionary<string, YamlItem> FindLabels()
    {
        var labels = new Dictionary<string, YamlItem>(StringComparer.Ordinal);
        if (Section.Node.TryGet("pools", out var pools))
        {
            Walk(pools.Value);
        }

        return labels;

        void Walk(YamlNode node)
        {
            foreach (var item in (node as YamlSequence)?.Items ?? [])
            {
                Walk(item.Value);
            }

            foreach (var entry in (node as YamlMapping)?.Entries ?? [])
            {
                if (entry.Key == "labels")
                {
                    Take(new YamlItem(entry.Value, entry.ValuePlace, entry.Origin));
                }

                Walk(entry.Value);
            }
        }

        void Take(YamlItem value)
        {
            switch (value.Value)
            {
                case YamlScalar { IsNull: false } scalar:
                    labels.TryAdd(scalar.Text, value);
                    foreach (var word in scalar.Text.Split(' ', StringSplitOptions.RemoveEmptyEntries))
                    {
                        labels.TryAdd(word, value);
                    }

                    break;
                case YamlMapping mapping when mapping.TryGet("name", out var name):
                    Take(new YamlItem(name.Value, name.ValuePlace, name.Origin));
                    break;
                case YamlSequence list:
                    foreach (var item in list.Items)
                    {
                        Take(item);
                    }

                    break;
            }
        }
    }
}
