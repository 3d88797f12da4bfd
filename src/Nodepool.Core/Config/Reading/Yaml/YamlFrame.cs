namespace Nodepool.Core.Config.Reading.Yaml;

/// <summary>A collection that the loader is inside of.</summary>
/// <param name="start">Offset of its beginning.</param>
/// <param name="isList">A list, else a mapping.</param>
/// <param name="isFlow">Written with brackets.</param>
internal sealed class YamlFrame(int start, bool isList, bool isFlow)
{
    public int Start { get; } = start;

    public bool IsList { get; } = isList;

    public bool IsFlow { get; } = isFlow;

    /// <summary>The key whose value is being read; null between values.</summary>
    public string? Key { get; set; }

    /// <summary>Where that value may begin.</summary>
    public int KeyEnd { get; set; }

    /// <summary>Elements read so far.</summary>
    public int Count { get; set; }

    /// <summary>Values in it so far, aliases written out.</summary>
    public long Weight { get; set; }
}
