using Nodepool.Core.Collections;

namespace Nodepool.ImageTools;

/// <summary>
/// Reads where this machine gets its packages, so that an image comes from the same mirror. Only the distribution's own archives of one release
/// count: third-party repositories are for the machine, not for its nodes, and their keys would be missing.
/// </summary>
internal static class AptSources
{
    private static readonly string[] SuiteEndings = ["", "-updates", "-security", "-backports", "-proposed-updates"];

    /// <summary>Reads <c>sources.list</c> and what is beside it.</summary>
    /// <param name="aptDirectory"><c>/etc/apt</c>.</param>
    /// <param name="release">Code name: <c>bookworm</c>.</param>
    public static ValueList<AptSource> Read(string aptDirectory, string release)
    {
        var files = new List<string> { Path.Combine(aptDirectory, "sources.list") };
        var more = Path.Combine(aptDirectory, "sources.list.d");
        if (Directory.Exists(more))
            files.AddRange(Directory.EnumerateFiles(more).Order(StringComparer.Ordinal));
        var found = files.Where(File.Exists).SelectMany(file => Parse(file, File.ReadAllText(file)));
        return [.. found.Where(source => IsOf(source, release)).Distinct()];
    }

    /// <summary>All enabled archives of binary packages in a file, whatever their release, without foreign ones.</summary>
    public static IEnumerable<AptSource> Parse(string name, string text) =>
        name.EndsWith(".sources", StringComparison.Ordinal) ? ParseStanzas(text)
        : name.EndsWith(".list", StringComparison.Ordinal) ? text.Split('\n').SelectMany(ParseLine)
        : [];

    private static bool IsOf(AptSource source, string release) =>
        SuiteEndings.Any(ending => source.Suite == release + ending) && source.Components.Split(' ').Contains("main");

    private static IEnumerable<AptSource> ParseLine(string line)
    {
        var hash = line.IndexOf('#', StringComparison.Ordinal);
        var rest = (hash < 0 ? line : line[..hash]).Trim();
        if (!rest.StartsWith("deb ", StringComparison.Ordinal) && !rest.StartsWith("deb\t", StringComparison.Ordinal))
            yield break;
        rest = rest[3..].TrimStart();
        var options = "";
        if (rest.StartsWith('[') && rest.IndexOf(']', StringComparison.Ordinal) is > 0 and var end)
        {
            options = rest[1..end];
            rest = rest[(end + 1)..];
        }

        var words = Words(rest);
        var pairs = Words(options).Select(option => option.Split('=', 2)).Where(pair => pair.Length == 2)
            .ToLookup(pair => pair[0].ToLowerInvariant(), pair => pair[1]);
        if (words.Length >= 3 && pairs["signed-by"].All(IsOwnKey))
            yield return new AptSource(words[0], words[1], string.Join(' ', words[2..]), pairs["trusted"].Any(IsYes));
    }

    private static IEnumerable<AptSource> ParseStanzas(string text)
    {
        var fields = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        var key = "";
        foreach (var line in text.Split('\n').Select(line => line.TrimEnd()).Append(""))
        {
            if (line.StartsWith('#'))
                continue;
            if (line.Length == 0)
            {
                foreach (var source in Stanza(fields))
                {
                    yield return source;
                }

                fields.Clear();
            }
            else if (char.IsWhiteSpace(line[0]))
            {
                fields[key] = fields.GetValueOrDefault(key) + " " + line.Trim();
            }
            else if (line.Split(':', 2) is [var name, var value])
            {
                key = name.Trim();
                fields[key] = value.Trim();
            }
        }
    }

    private static IEnumerable<AptSource> Stanza(Dictionary<string, string> fields)
    {
        string[] Of(string key) => Words(fields.GetValueOrDefault(key, ""));
        if (!Of("Types").Contains("deb") || Of("Enabled").Any(IsNo) || !Of("Signed-By").Take(1).All(IsOwnKey))
            return [];
        var components = string.Join(' ', Of("Components"));
        return from uri in Of("URIs")
               from suite in Of("Suites")
               select new AptSource(uri, suite, components, Of("Trusted").Any(IsYes));
    }

    private static bool IsOwnKey(string path) =>
        Path.GetFileName(path) is var name
        && (name.StartsWith("debian-archive-", StringComparison.Ordinal) || name.StartsWith("ubuntu-archive-", StringComparison.Ordinal));

    private static bool IsYes(string word) => word.ToLowerInvariant() is "yes" or "true" or "1";

    private static bool IsNo(string word) => word.ToLowerInvariant() is "no" or "false" or "0";

    private static string[] Words(string text) => text.Split([' ', '\t'], StringSplitOptions.RemoveEmptyEntries);
}
