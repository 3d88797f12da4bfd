using System.Text.RegularExpressions;

namespace Nodepool.Logging.Python;

/// <summary>Reads the form of <c>logging.config.fileConfig</c>: an ini file.</summary>
internal sealed partial class FileConfigReader
{
    private readonly IniText _ini;
    private readonly List<string> _problems = [];

    private FileConfigReader(IniText ini) => _ini = ini;

    /// <exception cref="FormatException">It is no ini file, or none of a log configuration.</exception>
    public static PythonLogging Read(string file, string text)
    {
        var ini = IniText.Parse(file, text);
        return ini.Words("loggers", "keys").Count > 0
            ? new FileConfigReader(ini).Read()
            : throw new FormatException($"{file}:1:1: error: no log configuration: there is no section [loggers] with 'keys'");
    }

    private PythonLogging Read()
    {
        var formats = _ini.Words("formatters", "keys").ToDictionary(name => name, Format, StringComparer.Ordinal);
        var handlers = _ini.Words("handlers", "keys").ToDictionary(name => name, name => Handler(name, formats), StringComparer.Ordinal);
        var loggers = _ini.Words("loggers", "keys").ToDictionary(
            name => name == "root" ? "" : _ini.Text($"logger_{name}", "qualname") ?? name, name => Logger($"logger_{name}", handlers), StringComparer.Ordinal);
        return new PythonLogging(loggers, handlers, _problems);
    }

    private ILogFormat? Format(string name)
    {
        var section = $"formatter_{name}";
        if (_ini.Text(section, "format") is not { } format)
        {
            return null;
        }

        var translated = new PythonFormat(format, out var unknown);
        if (unknown.Count > 0)
        {
            _problems.Add(_ini.Warning(section, "format", $"these fields stay empty here: {string.Join(", ", unknown)}"));
        }

        return translated;
    }

    private PythonHandler Handler(string name, Dictionary<string, ILogFormat?> formats)
    {
        var section = $"handler_{name}";
        var arguments = _ini.Text(section, "args") ?? "";
        var kind = PythonWords.Handler(_ini.Text(section, "class") ?? "StreamHandler", arguments.Contains("sys.stdout", StringComparison.Ordinal) ? "stdout" : null, out var warning);
        if (warning is not null)
        {
            _problems.Add(_ini.Warning(section, "class", warning));
        }

        // A tuple of Python, such as ('/var/log/nodepool/nodepool.log', 'a'): the first text in it is the path.
        var file = kind == PythonHandlerKind.File && FirstText().Match(arguments) is { Success: true } match ? match.Groups[2].Value : null;
        if (kind == PythonHandlerKind.File && file is null)
        {
            _problems.Add(_ini.Warning(section, "args", "the path of a file expected, as ('/var/log/nodepool/nodepool.log',); the handler is left out"));
            kind = PythonHandlerKind.None;
        }

        var format = _ini.Text(section, "formatter") is { Length: > 0 } formatter ? formats.GetValueOrDefault(formatter) : null;
        return new PythonHandler(kind, file, Level(section) ?? LogLevel.Trace, format);
    }

    private PythonLogger Logger(string section, Dictionary<string, PythonHandler> handlers)
    {
        var names = _ini.Words(section, "handlers");
        _problems.AddRange(names.Where(name => !handlers.ContainsKey(name)).Select(name => _ini.Warning(section, "handlers", $"there is no handler '{name}' in this file")));
        return new PythonLogger(Level(section), names, _ini.Text(section, "propagate") != "0");
    }

    private LogLevel? Level(string section)
    {
        if (_ini.Text(section, "level") is not { Length: > 0 } word)
        {
            return null;
        }

        var level = PythonWords.Level(word);
        if (level is null)
        {
            _problems.Add(_ini.Warning(section, "level", "DEBUG, INFO, WARNING, ERROR or CRITICAL expected; it is left out"));
        }

        return level == LogLevel.Trace ? null : level;
    }

    [GeneratedRegex("""(['"])(.+?)\1""")]
    private static partial Regex FirstText();
}
