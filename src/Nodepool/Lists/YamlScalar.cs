using System.Globalization;
using System.Text;

namespace Nodepool.Lists;

/// <summary>Strings in YAML: plain where no reader can mistake them, else in double quotes.</summary>
internal static class YamlScalar
{
    /// <summary>What YAML 1.1 readers take for null or a truth value, in whatever letter case.</summary>
    private static readonly HashSet<string> Words = new(StringComparer.OrdinalIgnoreCase) { "y", "n", "yes", "no", "on", "off", "true", "false", "null" };

    /// <summary>The string as a scalar of one line.</summary>
    public static string Of(string text) => IsPlain(text) ? text : Quoted(text);

    /// <summary>It begins with a letter, so it is no number and no sign of YAML; nothing in it ends a plain scalar.</summary>
    private static bool IsPlain(string text) =>
        text.Length > 0 && (char.IsAsciiLetter(text[0]) || text[0] is '/' or '_') && !Words.Contains(text) && text[^1] is not (' ' or ':')
        && text.All(c => char.IsAsciiLetterOrDigit(c) || " _-./:@+,;()=#'~".Contains(c, StringComparison.Ordinal))
        && !text.Contains(": ", StringComparison.Ordinal) && !text.Contains(" #", StringComparison.Ordinal);

    private static string Quoted(string text)
    {
        var quoted = new StringBuilder(text.Length + 8).Append('"');
        foreach (var rune in text.EnumerateRunes())
        {
            _ = rune.Value switch
            {
                '"' => quoted.Append("\\\""),
                '\\' => quoted.Append("\\\\"),
                '\n' => quoted.Append("\\n"),
                '\r' => quoted.Append("\\r"),
                '\t' => quoted.Append("\\t"),
                _ when IsSafe(rune) => quoted.Append(rune.ToString()),
                <= 0xff => quoted.Append(CultureInfo.InvariantCulture, $"\\x{rune.Value:x2}"),
                <= 0xffff => quoted.Append(CultureInfo.InvariantCulture, $"\\u{rune.Value:x4}"),
                _ => quoted.Append(CultureInfo.InvariantCulture, $"\\U{rune.Value:x8}"),
            };
        }

        return quoted.Append('"').ToString();
    }

    /// <summary>Neither a control character, nor one that ends a line or turns the direction of writing, nor a byte order mark.</summary>
    private static bool IsSafe(Rune rune) => Rune.GetUnicodeCategory(rune) is not (
        UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator
        or UnicodeCategory.PrivateUse or UnicodeCategory.OtherNotAssigned);
}
