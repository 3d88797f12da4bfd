using System.Globalization;

namespace Nodepool.Logging.Python;

/// <summary>Words of Python's logging module.</summary>
internal static class PythonWords
{
    /// <summary>A level by its name or number; null when it is neither.</summary>
    public static LogLevel? Level(string word) => word.ToUpperInvariant() switch
    {
        "DEBUG" => LogLevel.Debug,
        "INFO" => LogLevel.Information,
        "WARNING" or "WARN" => LogLevel.Warning,
        "ERROR" => LogLevel.Error,
        "CRITICAL" or "FATAL" => LogLevel.Critical,
        "NOTSET" => LogLevel.Trace,
        _ when int.TryParse(word, NumberStyles.None, CultureInfo.InvariantCulture, out var number) => number switch
        {
            < 10 => LogLevel.Trace,
            < 20 => LogLevel.Debug,
            < 30 => LogLevel.Information,
            < 40 => LogLevel.Warning,
            < 50 => LogLevel.Error,
            _ => LogLevel.Critical,
        },
        _ => null,
    };

    /// <summary>What a class of handlers is here.</summary>
    /// <param name="className">With or without its module.</param>
    /// <param name="stream">What it writes to, if that was said: <c>ext://sys.stdout</c>, <c>sys.stdout</c>.</param>
    /// <param name="warning">What is different here; null when nothing is.</param>
    public static PythonHandlerKind Handler(string className, string? stream, out string? warning)
    {
        var name = className[(className.LastIndexOf('.') + 1)..];
        warning = name switch
        {
            "RotatingFileHandler" or "TimedRotatingFileHandler" => "the file is not rotated by this program; let logrotate(8) do it, the new file is found at once",
            "StreamHandler" or "FileHandler" or "WatchedFileHandler" or "NullHandler" => null,
            _ => $"there is no handler {name} here; what it was to get is left out",
        };
        return name switch
        {
            "StreamHandler" => stream?.EndsWith("stdout", StringComparison.Ordinal) == true ? PythonHandlerKind.StandardOutput : PythonHandlerKind.StandardError,
            "FileHandler" or "WatchedFileHandler" or "RotatingFileHandler" or "TimedRotatingFileHandler" => PythonHandlerKind.File,
            _ => PythonHandlerKind.None,
        };
    }
}
