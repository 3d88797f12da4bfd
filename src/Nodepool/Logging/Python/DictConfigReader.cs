using Nodepool.Core.Config.Reading;

namespace Nodepool.Logging.Python;

/// <summary>Reads the form of <c>logging.config.dictConfig</c>: YAML or JSON.</summary>
internal sealed class DictConfigReader(ConfigDocument document)
{
    public PythonLogging Read(ConfigMap root)
    {
        root.Ignore("version", "disable_existing_loggers", "incremental");
        if (root.Has("filters"))
        {
            root.Warn("filters", "filters of loggers do nothing here");
        }

        var formats = Each(root.Map("formatters")).ToDictionary(one => one.Name, one => Format(one.Map), StringComparer.Ordinal);
        var handlers = Each(root.Map("handlers")).ToDictionary(one => one.Name, one => Handler(one.Map, formats), StringComparer.Ordinal);
        var loggers = Each(root.Map("loggers")).ToDictionary(one => one.Name == "root" ? "" : one.Name, one => Logger(one.Map, handlers.Keys), StringComparer.Ordinal);
        if (root.Map("root") is { } top)
        {
            loggers[""] = Logger(top, handlers.Keys);
        }

        document.ReportUnknownKeys();
        return new PythonLogging(loggers, handlers, [.. document.Problems.Select(problem => (problem with { IsError = false }).ToString())]);
    }

    private static IEnumerable<(string Name, ConfigMap Map)> Each(ConfigMap? map) =>
        from name in map?.Keys ?? []
        let child = map!.Map(name)
        where child is not null
        select (name, child);

    private static ILogFormat? Format(ConfigMap map)
    {
        map.Ignore("validate", "style", "datefmt");
        var factory = map.Text("class") ?? map.Text("()");
        var format = map.Text("format");
        if (factory?.Contains("json", StringComparison.OrdinalIgnoreCase) == true)
        {
            return new JsonLinesFormat(withTraces: false);
        }

        if (factory is not null || format is null)
        {
            return null;
        }

        var translated = new PythonFormat(format, out var unknown);
        if (unknown.Count > 0)
        {
            map.Warn("format", $"these fields stay empty here: {string.Join(", ", unknown)}");
        }

        return translated;
    }

    private static PythonHandler Handler(ConfigMap map, Dictionary<string, ILogFormat?> formats)
    {
        map.Ignore("mode", "maxBytes", "backupCount", "when", "interval", "utc", "encoding", "delay", "atTime", "filters");
        var kind = PythonWords.Handler(map.Text("class", "logging.StreamHandler"), map.Text("stream"), out var warning);
        if (warning is not null)
        {
            map.Warn("class", warning);
        }

        var file = map.FilePath("filename");
        if (kind == PythonHandlerKind.File && file is null)
        {
            map.Warn("", "a handler that writes a file needs 'filename'; it is left out");
            kind = PythonHandlerKind.None;
        }

        var format = map.Text("formatter") is { } name ? formats.GetValueOrDefault(name) : null;
        return new PythonHandler(kind, file, Level(map) ?? LogLevel.Trace, format);
    }

    private static PythonLogger Logger(ConfigMap map, IReadOnlyCollection<string> handlers)
    {
        var names = map.Texts("handlers");
        foreach (var missing in names.Where(name => !handlers.Contains(name)))
        {
            map.Warn("handlers", $"there is no handler '{missing}' in this file");
        }

        map.Ignore("filters", "qualname");
        return new PythonLogger(Level(map), names, map.Bool("propagate", true));
    }

    private static LogLevel? Level(ConfigMap map)
    {
        if (map.Text("level") is not { } word)
        {
            return null;
        }

        var level = PythonWords.Level(word);
        if (level is null)
        {
            map.Warn("level", "DEBUG, INFO, WARNING, ERROR or CRITICAL expected; it is left out");
        }

        return level == LogLevel.Trace ? null : level;
    }
}
