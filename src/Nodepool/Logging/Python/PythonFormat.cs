using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

namespace Nodepool.Logging.Python;

/// <summary>A format of Python's <c>logging.Formatter</c> in the style <c>%(name)s</c>. Continuation lines do not occur: messages stay on one line.</summary>
internal sealed partial class PythonFormat : ILogFormat
{
    private static readonly string[] Known = ["asctime", "levelname", "levelno", "name", "message", "process", "processName", "thread", "threadName", "msecs", "created"];

    private readonly string _format;

    /// <summary>Takes the format over.</summary>
    /// <param name="format">The text.</param>
    /// <param name="unknown">Fields that it names and that stay empty here.</param>
    public PythonFormat(string format, out IReadOnlyList<string> unknown)
    {
        _format = format;
        unknown = [.. Field().Matches(format).Select(match => match.Groups[1].Value).Where(name => !Known.Contains(name)).Distinct()];
    }

    public void Append(StringBuilder text, in LogEvent logged)
    {
        var one = logged;
        text.Append(Field().Replace(_format, match => Pad(Value(match.Groups[1].Value, one), match.Groups[2].Value)));
        for (var exception = logged.Exception; exception is not null; exception = exception.InnerException)
        {
            text.Append(": ").Append(Printable.Line(ExceptionText.Line(exception)));
        }

        text.Append('\n');
    }

    private static string Value(string field, in LogEvent logged) => field switch
    {
        "asctime" => logged.Time.ToString("yyyy-MM-dd HH:mm:ss,fff", CultureInfo.InvariantCulture),
        "levelname" => LevelName(logged.Level),
        "levelno" => $"{Math.Min(50, ((int)logged.Level) * 10)}",
        "name" => PythonLoggerName.Of(logged.Category),
        "message" => Printable.Line(logged.Message),
        "process" => $"{Environment.ProcessId}",
        "processName" => "MainProcess",
        "thread" => $"{Environment.CurrentManagedThreadId}",
        "threadName" => Thread.CurrentThread.Name ?? $"Thread-{Environment.CurrentManagedThreadId}",
        "msecs" => $"{logged.Time.Millisecond}",
        "created" => (logged.Time.ToUnixTimeMilliseconds() / 1000.0).ToString("0.000", CultureInfo.InvariantCulture),
        _ => "",
    };

    private static string LevelName(LogLevel level) => level switch
    {
        LogLevel.Critical => "CRITICAL",
        LogLevel.Error => "ERROR",
        LogLevel.Warning => "WARNING",
        LogLevel.Information => "INFO",
        _ => "DEBUG",
    };

    /// <summary>Widths such as <c>-8</c>: the sign says on which side the text stays.</summary>
    private static string Pad(string value, string width) =>
        !int.TryParse(width, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var count) ? value
        : count < 0 ? value.PadRight(Math.Min(200, -count))
        : value.PadLeft(Math.Min(200, count));

    [GeneratedRegex(@"%\((\w+)\)(-?\d*)(?:\.\d+)?[sdfr]")]
    private static partial Regex Field();
}
