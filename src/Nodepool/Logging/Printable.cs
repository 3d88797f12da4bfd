using System.Globalization;
using System.Text;

namespace Nodepool.Logging;

/// <summary>Text from elsewhere on its way to a terminal or a log line.</summary>
internal static class Printable
{
    /// <summary>
    /// The same text with control characters written out (<c>\n</c>, <c>\u001b</c>): a comment or an error message of somebody else
    /// neither breaks a line nor drives the terminal.
    /// </summary>
    public static string Line(string text)
    {
        if (!HasUnsafe(text))
        {
            return text;
        }

        var safe = new StringBuilder(text.Length + 16);
        foreach (var c in text)
        {
            _ = c switch
            {
                '\n' => safe.Append("\\n"),
                '\r' => safe.Append("\\r"),
                '\t' => safe.Append("\\t"),
                _ when IsUnsafe(c) => safe.Append(CultureInfo.InvariantCulture, $"\\u{(int)c:x4}"),
                _ => safe.Append(c),
            };
        }

        return safe.ToString();
    }

    private static bool HasUnsafe(string text)
    {
        foreach (var c in text)
        {
            if (IsUnsafe(c))
            {
                return true;
            }
        }

        return false;
    }

    private static bool IsUnsafe(char c) =>
        char.IsControl(c) || c is '\u2028' or '\u2029' or (>= '\u202a' and <= '\u202e') or (>= '\u2066' and <= '\u2069');
}
