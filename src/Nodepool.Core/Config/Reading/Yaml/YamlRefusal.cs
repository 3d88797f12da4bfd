namespace Nodepool.Core.Config.Reading.Yaml;

/// <summary>The document cannot be read any further. Never leaves the loader.</summary>
internal sealed class YamlRefusal(int place, string message) : Exception(message)
{
    /// <summary>Offset in the expanded text.</summary>
    public int Place { get; } = place;
}
