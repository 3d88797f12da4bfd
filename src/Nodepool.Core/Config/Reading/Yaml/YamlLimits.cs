namespace Nodepool.Core.Config.Reading.Yaml;

/// <summary>
/// Bounds that keep any input cheap to read. The largest configuration known from ten years of a big CI cloud has 38 kB, some
/// 3,000 values and 8 levels.
/// </summary>
internal static class YamlLimits
{
    /// <summary>UTF-16 units of a file, before and after the environment is put in; also bytes on disk.</summary>
    public const int Length = 4 * 1024 * 1024;

    /// <summary>Values of a document with all aliases written out.</summary>
    public const int Nodes = 400_000;

    /// <summary>Levels of nesting, with all aliases written out.</summary>
    public const int Depth = 64;
}
