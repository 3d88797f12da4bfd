using System.Globalization;
using System.Text;

namespace Nodepool.Logging;

/// <summary>One line for a person: time, level, where, what. Whatever others wrote into the message stays on its line.</summary>
/// <param name="useColour">Escape sequences for levels: only for a terminal.</param>
/// <param name="withDate">The day before the time: for files.</param>
/// <param name="withTraces">Stack traces after the line.</param>
internal sealed class PeopleFormat(bool useColour, bool withDate, bool withTraces) : ILogFormat
{
    private const string Plain = "\u001b[0m";
    private const string Dim = "\u001b[2m";

    public void Append(StringBuilder text, in LogEvent logged)
    {
        var (word, colour) = Level(logged.Level);
        var time = logged.Time.ToString(withDate ? "yyyy-MM-dd HH:mm:ss.fff" : "HH:mm:ss.fff", CultureInfo.InvariantCulture);
        text.Append(Paint(Dim, time)).Append(' ').Append(Paint(colour, word)).Append(' ').Append(Paint(Dim, $"{ShortCategory(logged.Category)}:")).Append(' ');
        text.Append(Printable.Line(logged.Message));
        for (var (exception, separator) = (logged.Exception, ": "); exception is not null; (exception, separator) = (exception.InnerException, " <- "))
        {
            text.Append(separator).Append(Printable.Line(ExceptionText.Line(exception)));
        }

        text.Append('\n');
        if (withTraces && logged.Exception is not null)
        {
            text.Append("    ").Append(logged.Exception.ToString().ReplaceLineEndings("\n    ")).Append('\n');
        }
    }

    /// <summary>The last part of a type's name; other names as they are.</summary>
    private static string ShortCategory(string category) =>
        category.StartsWith("Nodepool.", StringComparison.Ordinal) || category.StartsWith("Microsoft.", StringComparison.Ordinal)
            ? category[(category.LastIndexOf('.') + 1)..]
            : category;

    private static (string Word, string Colour) Level(LogLevel level) => level switch
    {
        LogLevel.Critical => ("FATAL", "\u001b[1;31m"),
        LogLevel.Error => ("ERROR", "\u001b[31m"),
        LogLevel.Warning => ("WARN ", "\u001b[33m"),
        LogLevel.Information => ("INFO ", "\u001b[32m"),
        _ => ("DEBUG", Dim),
    };

    private string Paint(string colour, string text) => useColour ? colour + text + Plain : text;
}
