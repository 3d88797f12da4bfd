using System.Text;
using System.Text.RegularExpressions;

namespace Nodepool.Tests.Corpus;

/// <summary>
/// Shortens a production file to two providers, a few labels and a few elements, so that it can be read ten thousand times. What is left
/// is still valid: nothing refers to what is gone.
/// </summary>
internal static partial class CorpusCut
{
    private const int Providers = 2;
    private const int Labels = 4;
    private const int Elements = 2;

    public static string Of(string text)
    {
        var lines = text.Split('\n');
        var isOld = lines.Any(line => line.TrimStart().StartsWith("images:", StringComparison.Ordinal));
        var kept = Names(lines, "providers").Take(Providers).ToHashSet(StringComparer.Ordinal);
        var shorter = new StringBuilder();
        var (section, item, elements) = ("", 0, 0);
        foreach (var line in lines)
        {
            if (SectionStart().Match(line) is { Success: true } start)
            {
                (section, item) = (start.Groups[1].Value, 0);
            }
            else if (line.StartsWith("  - ", StringComparison.Ordinal))
            {
                item++;
            }

            elements = Element().IsMatch(line) ? elements + 1 : 0;
            var isGone = (section == "providers" && item > Providers)
                || (section == "labels" && isOld && (item > Labels || (Reference().Match(line) is { Success: true } use && !kept.Contains(use.Groups[1].Value))))
                || (section == "diskimages" && elements > Elements);
            if (!isGone)
            {
                shorter.Append(line).Append('\n');
            }
        }

        return shorter.ToString();
    }

    private static IEnumerable<string> Names(string[] lines, string section) =>
        lines.SkipWhile(line => line != section + ":").Skip(1).TakeWhile(line => !SectionStart().IsMatch(line))
            .Select(line => ItemName().Match(line)).Where(match => match.Success).Select(match => match.Groups[1].Value);

    [GeneratedRegex(@"^([\w-]+):")]
    private static partial Regex SectionStart();

    [GeneratedRegex(@"^  - name: (\S+)")]
    private static partial Regex ItemName();

    [GeneratedRegex(@"^      - name: (\S+)")]
    private static partial Regex Reference();

    [GeneratedRegex(@"^      - [\w-]+$")]
    private static partial Regex Element();
}
