using System.Globalization;
using System.Text;

namespace Nodepool.Core.Config.Reading;

/// <summary>Pieces of messages: quoted input and the nearest valid name.</summary>
internal static class Wording
{
    private const int LongestQuote = 60;
    private const int MostNames = 12;
    private const int MostCandidates = 1000;

    /// <summary>Input in quotes, cut to a sensible length, without characters that would disturb a terminal.</summary>
    public static string Quote(string input) => $"'{Printable(input, LongestQuote)}'";

    /// <summary>"'a', 'b' and 'c'", or the first few and how many more there are.</summary>
    public static string Names(List<string> names)
    {
        var shown = names.Count <= MostNames ? names.Count : MostNames - 2;
        var rest = names.Count - shown;
        var quoted = names.Take(shown).Select(Quote).ToList();
        return rest > 0 ? $"{string.Join(", ", quoted)} and {rest} more"
            : quoted.Count < 2 ? string.Concat(quoted)
            : $"{string.Join(", ", quoted[..^1])} and {quoted[^1]}";
    }

    /// <summary>"'a', 'b' or 'c'".</summary>
    public static string OneOf(ReadOnlySpan<string> keys)
    {
        var text = new StringBuilder();
        for (var i = 0; i < keys.Length; i++)
        {
            text.Append(i == 0 ? "" : i == keys.Length - 1 ? " or " : ", ").Append(Quote(keys[i]));
        }

        return text.ToString();
    }

    /// <summary>Text without control characters, cut to a length.</summary>
    public static string Printable(string input, int longest)
    {
        // A blank forgotten behind the colon makes a secret part of its key, or of a value: "password:x".
        var start = input.AsSpan(0, Math.Min(input.Length, longest));
        var shown = SecretNames.StartOfHidden(start) is var secret && secret < start.Length ? string.Concat(start[..secret], "…") : input;
        var text = new StringBuilder();
        foreach (var rune in shown.EnumerateRunes())
        {
            if (text.Length >= longest)
            {
                text.Append('…');
                break;
            }

            text.Append(Rune.GetUnicodeCategory(rune) is UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator ? "·" : rune.ToString());
        }

        return text.ToString();
    }

    /// <summary>" (did you mean 'x'?)", or nothing.</summary>
    public static string DidYouMean(string? suggestion) => suggestion is null ? "" : $" (did you mean {Quote(suggestion)}?)";

    /// <summary>As many names as are worth comparing.</summary>
    public static List<string> Candidates(IEnumerable<string> names) => [.. names.Distinct(StringComparer.Ordinal).Take(MostCandidates)];

    /// <summary>Names as <c>a, b, c</c>; null when there are none, or too many to read.</summary>
    public static string? Listed(List<string> names) =>
        names.Count is 0 or > MostNames ? null : string.Join(", ", names.Order(StringComparer.Ordinal).Select(name => Printable(name, LongestQuote)));
}
