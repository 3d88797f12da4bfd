using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace Nodepool.Logging;

/// <summary>One JSON object per line for programs: time, level, category, message and the fields of the event under their own names.</summary>
/// <param name="withTraces">Adds <c>stack</c> where there is an exception.</param>
internal sealed class JsonLinesFormat(bool withTraces) : ILogFormat
{
    private static readonly JsonWriterOptions Options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public void Append(StringBuilder text, in LogEvent logged)
    {
        var buffer = new ArrayBufferWriter<byte>(512);
        using (var writer = new Utf8JsonWriter(buffer, Options))
        {
            writer.WriteStartObject();
            writer.WriteString("time", logged.Time.UtcDateTime.ToString("yyyy-MM-ddTHH:mm:ss.ffffffZ", CultureInfo.InvariantCulture));
            writer.WriteString("level", Word(logged.Level));
            writer.WriteString("category", logged.Category);
            writer.WriteString("message", logged.Message);
            foreach (var (name, value) in logged.Fields)
            {
                if (name != "{OriginalFormat}")
                {
                    WriteField(writer, name, value);
                }
            }

            if (logged.Exception is not null)
            {
                writer.WriteString("exception", $"{logged.Exception.GetType().Name}: {logged.Exception.Message}");
                if (withTraces)
                {
                    writer.WriteString("stack", logged.Exception.ToString());
                }
            }

            writer.WriteEndObject();
        }

        text.Append(Encoding.UTF8.GetString(buffer.WrittenSpan)).Append('\n');
    }

    private static void WriteField(Utf8JsonWriter writer, string name, object? value)
    {
        switch (value)
        {
            case null:
                writer.WriteNull(name);
                break;
            case bool truth:
                writer.WriteBoolean(name, truth);
                break;
            case int or long or short or byte:
                writer.WriteNumber(name, Convert.ToInt64(value, CultureInfo.InvariantCulture));
                break;
            case double number when double.IsFinite(number):
                writer.WriteNumber(name, number);
                break;
            case TimeSpan duration:
                writer.WriteNumber(name, duration.TotalSeconds);
                break;
            default:
                writer.WriteString(name, Convert.ToString(value, CultureInfo.InvariantCulture));
                break;
        }
    }

    private static string Word(LogLevel level) => level switch
    {
        LogLevel.Critical => "fatal",
        LogLevel.Error => "error",
        LogLevel.Warning => "warning",
        LogLevel.Information => "info",
        _ => "debug",
    };
}
