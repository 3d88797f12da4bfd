using System.Globalization;
using System.Text;
using Nodepool.Core.Config.Reading.Yaml;

namespace Nodepool.Core.Config.Reading.V2;

/// <summary>How single values are written so that they are read as what they are: a text that looks like a number stays a text.</summary>
internal static class ScalarText
{
    private const string Indicators = "-?:,[]{}#&*!|>'\"%@`";

    /// <summary>A value on one line, or a literal block.</summary>
    /// <param name="scalar">The value.</param>
    /// <param name="source">The text that it may stem from; then it is written as it was there.</param>
    /// <param name="indent">Blanks before the lines of a block.</param>
    public static string Write(YamlScalar scalar, string source, int indent)
    {
        if (AsWritten(scalar, source) is { } written)
        {
            return written;
        }

        if (scalar.IsPlain)
        {
            return scalar.Text.Length == 0 || IsPlainSafe(scalar.Text) ? scalar.Text : DoubleQuoted(scalar.Text);
        }

        return IsPrintable(scalar.Text) ? $"'{scalar.Text.Replace("'", "''", StringComparison.Ordinal)}'"
            : FitsBlock(scalar.Text) ? Block(scalar.Text, indent)
            : DoubleQuoted(scalar.Text);
    }

    /// <summary>A key.</summary>
    public static string Key(string key) =>
        IsPlainSafe(key) && YamlTypes.ToBool(key) is null && YamlTypes.ToNumber(key) is null && !YamlTypes.IsNull(key) && key != "<<" ? key
        : IsPrintable(key) ? $"'{key.Replace("'", "''", StringComparison.Ordinal)}'"
        : DoubleQuoted(key);

    /// <summary>The source of the value, quotes included, when that is one line and carries no anchor or tag.</summary>
    private static string? AsWritten(YamlScalar scalar, string source)
    {
        if (scalar.Span.Start >= scalar.Span.End || scalar.Span.End > source.Length)
        {
            return null;
        }

        var written = source[scalar.Span.Start..scalar.Span.End];
        return "&!|>*".Contains(written[0]) || written.AsSpan().ContainsAny("\r\n\u0085\u2028\u2029") || char.IsWhiteSpace(written[^1]) ? null : written;
    }

    private static bool IsPlainSafe(string text) =>
        text.Length > 0 && IsPrintable(text) && !Indicators.Contains(text[0]) && !char.IsWhiteSpace(text[0]) && !char.IsWhiteSpace(text[^1])
        && text[^1] != ':' && !text.Contains(": ", StringComparison.Ordinal) && !text.Contains(" #", StringComparison.Ordinal);

    private static bool IsPrintable(string text) => text.EnumerateRunes().All(IsPrintable);

    private static bool IsPrintable(Rune rune) => rune.Value is not (0xFEFF or 0xFFFD) && Rune.GetUnicodeCategory(rune) is not
        (UnicodeCategory.Control or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator or UnicodeCategory.Format or UnicodeCategory.OtherNotAssigned);

    private static bool FitsBlock(string text) =>
        text[0] is not (' ' or '\t' or '\n') && text.TrimEnd('\n').Length > 0 && text.Split('\n').All(line => IsPrintable(line.Replace("\t", "", StringComparison.Ordinal)));

    private static string Block(string text, int indent)
    {
        var ends = text.Length - text.TrimEnd('\n').Length;
        var block = new StringBuilder("|").Append(ends switch { 0 => "-", 1 => "", _ => "+" });
        foreach (var line in text.TrimEnd('\n').Split('\n'))
        {
            block.Append('\n').Append(line.Length == 0 ? "" : new string(' ', indent) + line);
        }

        return block.Append('\n', Math.Max(0, ends - 1)).ToString();
    }

    private static string DoubleQuoted(string text)
    {
        var quoted = new StringBuilder("\"");
        foreach (var rune in text.EnumerateRunes())
        {
            quoted.Append(rune.Value switch
            {
                '"' => "\\\"",
                '\\' => @"\\",
                '\n' => "\\n",
                '\t' => "\\t",
                _ when IsPrintable(rune) => rune.ToString(),
                _ when rune.Value <= 0xFFFF => $"\\u{rune.Value:X4}",
                _ => $"\\U{rune.Value:X8}",
            });
        }

        return quoted.Append('"').ToString();
    }
}
