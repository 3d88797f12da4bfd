using System.Globalization;

namespace Nodepool.Providers.Local.Containers;

/// <summary>Reads <c>/etc/subuid</c> and <c>/etc/subgid</c>: <c>name:first:count</c> a line (subuid(5)).</summary>
internal static class SubordinateIds
{
    /// <summary>What a user needs: one id for each that programs of a usual system use.</summary>
    public const long Count = 65536;

    private const long LowestFirst = 100_000;

    /// <summary>True when a user has a range.</summary>
    public static bool HasRange(string text, string user) => Ranges(text).Any(range => range.Owner == user);

    /// <summary>The first id above all ranges of all texts.</summary>
    public static long FirstFree(params IEnumerable<string> texts) =>
        texts.SelectMany(Ranges).Select(range => range.First + range.Count).Append(LowestFirst).Max();

    private static IEnumerable<(string Owner, long First, long Count)> Ranges(string text)
    {
        foreach (var line in text.Split('\n'))
        {
            var fields = line.Trim().Split(':');
            if (fields.Length == 3
                && long.TryParse(fields[1], NumberStyles.None, CultureInfo.InvariantCulture, out var first)
                && long.TryParse(fields[2], NumberStyles.None, CultureInfo.InvariantCulture, out var count))
                yield return (fields[0], first, count);
        }
    }
}
