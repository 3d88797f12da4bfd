using Nodepool.Core.Collections;
using Nodepool.Core.Config.Reading.Yaml;

namespace Nodepool.Core.Config.Reading;

/// <summary>What came out of reading a configuration file.</summary>
/// <param name="Config">The configuration; null when there is any error.</param>
/// <param name="Problems">All errors and warnings, in file order.</param>
/// <param name="Text">The file's text, for showing lines of it.</param>
public sealed record ConfigResult(NodepoolConfig? Config, ValueList<ConfigProblem> Problems, ConfigText Text)
{
    /// <summary>Path of the secure file that was put over it, as it was given; null without one.</summary>
    public string? SecureFile { get; init; }

    /// <summary>The result for a file that cannot be read at all.</summary>
    /// <param name="file">Path as messages shall show it.</param>
    /// <param name="message">Why, and what to do.</param>
    public static ConfigResult Unreadable(string file, string message) =>
        new(null, [new ConfigProblem(true, file, 0, 0, "", message)], new ConfigText(file, "/", "", _ => null, YamlLimits.Length));
}
