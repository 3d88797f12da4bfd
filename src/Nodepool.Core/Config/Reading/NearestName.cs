namespace Nodepool.Core.Config.Reading;

/// <summary>Finds what somebody probably meant.</summary>
public static class NearestName
{
    private const int LongestName = 100;
    private const int ShortestBeginning = 4;

    /// <summary>
    /// The name with the fewest edits (insert, remove, replace, swap of neighbours), if few enough for a slip of the hand: at most a
    /// third of the letters; else the only name that begins so. Letter case and the choice between dash, underscore and blank count
    /// nothing.
    /// </summary>
    public static string? Of(string wrong, IEnumerable<string> names)
    {
        var folded = Fold(wrong);
        if (folded.Length is 0 or > LongestName)
        {
            return null;
        }

        var (best, fewest) = ((string?)null, int.MaxValue);
        var known = names.ToList();
        foreach (var name in known.Where(name => name.Length <= LongestName && Math.Abs(name.Length - folded.Length) <= 4))
        {
            var edits = Edits(folded, Fold(name));
            if (edits < fewest && edits <= Math.Max(folded.Length, name.Length) / 3)
            {
                (best, fewest) = (name, edits);
            }
        }

        return best ?? OnlyOneThatBegins(folded, known);
    }

    private static string? OnlyOneThatBegins(string folded, List<string> names)
    {
        if (folded.Length < ShortestBeginning)
        {
            return null;
        }

        var longer = names.Where(name => name.Length <= LongestName && Fold(name).StartsWith(folded, StringComparison.Ordinal)).Take(2).ToList();
        return longer.Count == 1 ? longer[0] : null;
    }

    private static string Fold(string name) => name.ToLowerInvariant().Replace('_', '-').Replace(' ', '-');

    private static int Edits(string left, string right)
    {
        var rows = new int[left.Length + 1, right.Length + 1];
        for (var i = 0; i <= left.Length; i++)
        {
            for (var j = 0; j <= right.Length; j++)
            {
                rows[i, j] = i == 0 ? j : j == 0 ? i : Cheapest(rows, left, right, i, j);
            }
        }

        return rows[left.Length, right.Length];
    }

    private static int Cheapest(int[,] rows, string left, string right, int i, int j)
    {
        var replaced = rows[i - 1, j - 1] + (left[i - 1] == right[j - 1] ? 0 : 1);
        var least = Math.Min(replaced, 1 + Math.Min(rows[i - 1, j], rows[i, j - 1]));
        var isSwap = i > 1 && j > 1 && left[i - 1] == right[j - 2] && left[i - 2] == right[j - 1];
        return isSwap ? Math.Min(least, rows[i - 2, j - 2] + 1) : least;
    }
}
