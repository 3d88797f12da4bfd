using System.Buffers;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using Nodepool.Core.Model;
using Nodepool.Core.Model.Json;

namespace Nodepool.Core.Operations;

/// <summary>
/// The text form of image data: one JSON object of path to stored text, as <c>export-image-data</c> of the Python program writes it. The
/// stored text is carried as it is, so that members and spellings which this version does not know survive.
/// </summary>
public static class ImageDataFile
{
    private const int MostProblems = 10;
    private static readonly UTF8Encoding Strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <summary>Writes the file's bytes.</summary>
    public static ReadOnlyMemory<byte> Write(IReadOnlyDictionary<string, string> entries)
    {
        ArgumentNullException.ThrowIfNull(entries);
        var buffer = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(buffer, new JsonWriterOptions { Indented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping }))
        {
            writer.WriteStartObject();
            foreach (var (path, text) in entries)
            {
                writer.WriteString(path, text);
            }

            writer.WriteEndObject();
        }

        buffer.Write("\n"u8);
        return buffer.WrittenMemory;
    }

    /// <summary>Reads and checks a file: every path is one of an image, every record can be understood.</summary>
    /// <exception cref="OperationRefusedException">It cannot be imported; the message names what is wrong, a line each.</exception>
    public static IReadOnlyDictionary<string, string> Read(ReadOnlySpan<byte> utf8)
    {
        var entries = new SortedDictionary<string, string>(StringComparer.Ordinal);
        var problems = new List<string>();
        try
        {
            var reader = new Utf8JsonReader(utf8.StartsWith("\uFEFF"u8) ? utf8[3..] : utf8);
            if (!reader.Read() || reader.TokenType != JsonTokenType.StartObject)
            {
                throw new JsonException("it does not begin with an object");
            }

            while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
            {
                var path = reader.GetString()!;
                reader.Read();
                var text = reader.TokenType == JsonTokenType.String ? reader.GetString() : null;
                reader.Skip();
                if ((text is null ? $"{path}: its value is no string" : Problem(path, text)) is { } problem)
                {
                    problems.Add(problem);
                }
                else if (!entries.TryAdd(path, text!))
                {
                    problems.Add($"{path}: it is there twice");
                }
            }

            while (reader.Read())
            {
                // Whatever follows the object is a syntax error that only reading finds.
            }
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            throw new OperationRefusedException(Refusal.WrongState, $"this is no file of export-image-data: {e.Message}");
        }

        return problems.Count == 0 ? entries : throw new OperationRefusedException(Refusal.WrongState, Report(problems));
    }

    /// <summary>The text of stored bytes; null when a file could not give them back exactly or <see cref="Read"/> would refuse them.</summary>
    internal static string? ToText(string path, ReadOnlySpan<byte> data)
    {
        try
        {
            var text = Strict.GetString(data);
            return Problem(path, text) is null ? text : null;
        }
        catch (DecoderFallbackException)
        {
            return null;
        }
    }

    internal static ReadOnlyMemory<byte> ToBytes(string text) => Strict.GetBytes(text);

    private static string? Problem(string path, string text)
    {
        if (ImageDataPath.Parse(path) is not { } place)
        {
            return $"{path}: this is no pause flag, build or upload below {NodepoolPaths.Images}";
        }

        try
        {
            var data = ToBytes(text).Span;
            if (place.Upload is not null)
            {
                ImageUploadRecord.Read(data);
            }
            else if (place.Build is not null)
            {
                ImageBuildRecord.Read(data);
            }

            return place.IsPause && text.Length > 0 ? $"{path}: a pause flag holds no data" : null;
        }
        catch (Exception e) when (e is RecordFormatException or EncoderFallbackException)
        {
            return $"{path}: {e.Message}";
        }
    }

    private static string Report(List<string> problems)
    {
        var more = problems.Count > MostProblems ? [$"… and {problems.Count - MostProblems} more"] : Array.Empty<string>();
        return string.Join('\n', ["nothing was imported:", .. problems.Take(MostProblems), .. more]);
    }
}
