using Nodepool.Core.Config.Reading.Yaml;

namespace Nodepool.Core.Config.Reading.V2;

/// <summary>Remarks for whoever reads a tree that is written out, each before a key of a mapping or at its end.</summary>
internal sealed class TreeComments
{
    /// <summary>Stands for the end of a mapping.</summary>
    public const string End = "";

    private readonly Dictionary<(YamlMapping Mapping, string Key), List<string>> _lines = [];

    public void Add(YamlMapping mapping, string key, string line)
    {
        if (!_lines.TryGetValue((mapping, key), out var lines))
        {
            _lines[(mapping, key)] = lines = [];
        }

        lines.Add(line);
    }

    /// <summary>The lines before a key, without number signs.</summary>
    public IReadOnlyList<string> Before(YamlMapping mapping, string key) => _lines.GetValueOrDefault((mapping, key)) ?? [];
}
