using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using Nodepool.Core.Collections;

namespace Nodepool.Core.Config.Reading;

/// <summary>Writes what was found in a configuration file, for people or for machines. Shows no secret value.</summary>
public static class ConfigReport
{
    private const int Width = 120;
    private const int Before = 60;

    /// <summary>Every problem with its source line and a caret, then one line that sums up.</summary>
    /// <param name="output">Where to.</param>
    /// <param name="result">What was read.</param>
    /// <param name="useColour">Use ANSI colours.</param>
    public static void Write(TextWriter output, ConfigResult result, bool useColour)
    {
        foreach (var problem in result.Problems)
        {
            var (word, colour) = problem.IsError ? ("error", "\e[1;31m") : ("warning", "\e[1;35m");
            var key = problem.KeyPath.Length == 0 ? "" : problem.KeyPath + ": ";
            output.WriteLine($"{Paint("\e[1m", problem.Place + ":")} {Paint(colour, word + ":")} {key}{problem.Message}");
            if (problem.File == result.Text.File)
            {
                WriteExcerpt(problem, Paint);
            }
        }

        var errors = result.Problems.Count(problem => problem.IsError);
        var warnings = Count(result.Problems.Count - errors, "warning");
        var file = result.SecureFile is { } secure ? $"{result.Text.File} with {secure}" : result.Text.File;
        output.WriteLine((errors, result.Problems.Count) switch
        {
            (0, 0) => $"{file} is valid",
            (0, _) => $"{file} is valid, {warnings}",
            _ when errors == result.Problems.Count => $"{file} is not valid: {Count(errors, "error")}",
            _ => $"{file} is not valid: {Count(errors, "error")}, {warnings}",
        });

        string Paint(string colour, string text) => useColour ? $"{colour}{text}\e[0m" : text;

        void WriteExcerpt(ConfigProblem problem, Func<string, string, string> paint)
        {
            var (line, caret) = Window(result.Text.Line(problem.Line), problem.Column);
            if (line.AsSpan().Trim().Length == 0)
            {
                return;
            }

            var number = problem.Line.ToString(CultureInfo.InvariantCulture).PadLeft(5);
            output.WriteLine($"{paint("\e[2m", number + " |")} {line}");
            output.WriteLine($"{paint("\e[2m", "      |")} {new string(' ', caret)}{paint("\e[1;32m", "^")}");
        }
    }

    /// <summary>
    /// One JSON object: <c>file</c>, <c>secure_file</c> (when there is one), <c>valid</c> and <c>problems</c>, a list of objects with
    /// <c>severity</c> (<c>error</c> or <c>warning</c>), <c>file</c>, <c>line</c>, <c>column</c> (1-based numbers), <c>key</c> (path, may
    /// be empty), <c>message</c>, and <c>expected</c> and <c>suggestion</c> (the nearest valid name), null where there is none.
    /// </summary>
    public static void WriteJson(TextWriter output, ConfigResult result)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer, new JsonWriterOptions { Indented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping }))
        {
            json.WriteStartObject();
            json.WriteString("file", result.Text.File);
            if (result.SecureFile is { } secure)
            {
                json.WriteString("secure_file", secure);
            }

            json.WriteBoolean("valid", result.Config is not null);
            WriteProblems(json, result.Problems);
            json.WriteEndObject();
        }

        output.WriteLine(Encoding.UTF8.GetString(buffer.WrittenSpan));
    }

    private static void WriteProblems(Utf8JsonWriter json, ValueList<ConfigProblem> problems)
    {
        json.WriteStartArray("problems");
        foreach (var problem in problems)
        {
            json.WriteStartObject();
            json.WriteString("severity", problem.IsError ? "error" : "warning");
            json.WriteString("file", problem.File);
            json.WriteNumber("line", problem.Line);
            json.WriteNumber("column", problem.Column);
            json.WriteString("key", problem.KeyPath);
            json.WriteString("message", problem.Message);
            json.WriteString("expected", problem.Complaint.Expected);
            json.WriteString("suggestion", problem.Complaint.Suggestion);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    /// <summary>As much of a line as fits, and how many characters of it stand before the caret.</summary>
    private static (string Line, int Caret) Window(string line, int column)
    {
        var runes = line.EnumerateRunes().Select(rune => Rune.IsControl(rune) ? new Rune(rune.Value == '\t' ? ' ' : '·') : rune).ToArray();
        var start = column <= Width ? 0 : Math.Min(column - Before, Math.Max(0, runes.Length - Before));
        var window = new StringBuilder(start > 0 ? "…" : "");
        foreach (var rune in runes.Skip(start).Take(Width))
        {
            window.Append(rune.ToString());
        }

        window.Append(runes.Length > start + Width ? "…" : "");
        return (window.ToString(), Math.Clamp(column - 1 - start + (start > 0 ? 1 : 0), 0, Width));
    }

    private static string Count(int count, string noun) => count == 1 ? $"1 {noun}" : $"{count} {noun}s";
}
