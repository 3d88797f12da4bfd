using Nodepool.Core.Config.Reading;

namespace Nodepool.Logging.Python;

/// <summary>A log configuration of Python's <c>logging</c> module, as far as it means something here.</summary>
/// <param name="Loggers">By name; the root is "".</param>
/// <param name="Handlers">By name.</param>
/// <param name="Problems">What was left out or looks wrong, each with its place.</param>
internal sealed record PythonLogging(
    IReadOnlyDictionary<string, PythonLogger> Loggers, IReadOnlyDictionary<string, PythonHandler> Handlers, IReadOnlyList<string> Problems)
{
    /// <summary>Reads a file: YAML and JSON as <c>dictConfig</c>, everything else as <c>fileConfig</c>, by its name as Python does.</summary>
    /// <param name="path">The file, as messages shall show it.</param>
    /// <param name="content">Its content.</param>
    /// <exception cref="FormatException">It has no form that could be read; the message says where.</exception>
    public static PythonLogging Read(string path, ReadOnlySpan<byte> content)
    {
        if (Path.GetExtension(path) is not (".yaml" or ".yml" or ".json"))
        {
            return FileConfigReader.Read(path, System.Text.Encoding.UTF8.GetString(content));
        }

        var document = ConfigDocument.Parse(path, content, null, Environment.CurrentDirectory);
        return document.Root is { } root
            ? new DictConfigReader(document).Read(root)
            : throw new FormatException((document.Problems is [var first, ..] ? first.ToString() : null) ?? $"{path}: the file is empty");
    }

    /// <summary>What applies to one of our categories: the level of the nearest logger that has one, and the handlers up to the root.</summary>
    public (LogLevel Level, IReadOnlyList<PythonHandler> Handlers) RouteOf(string category)
    {
        LogLevel? level = null;
        var handlers = new List<PythonHandler>();
        var propagates = true;
        foreach (var logger in Above(PythonLoggerName.Of(category)).Select(name => Loggers.GetValueOrDefault(name)).OfType<PythonLogger>())
        {
            level ??= logger.Level;
            if (propagates)
            {
                handlers.AddRange(logger.Handlers.Select(name => Handlers.GetValueOrDefault(name)).OfType<PythonHandler>());
                propagates = logger.Propagates;
            }
        }

        // Python's root logger is at WARNING unless it is told otherwise.
        return (level ?? LogLevel.Warning, handlers);
    }

    /// <summary><c>a.b.c</c>, <c>a.b</c>, <c>a</c>, "".</summary>
    private static IEnumerable<string> Above(string name)
    {
        for (; name.Length > 0; name = name[..Math.Max(0, name.LastIndexOf('.'))])
        {
            yield return name;
        }

        yield return "";
    }
}
