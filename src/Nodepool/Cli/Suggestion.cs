using Nodepool.Core.Config.Reading;

namespace Nodepool.Cli;

/// <summary>The end of a sentence about a name that does not exist.</summary>
internal static class Suggestion
{
    private const int MostNames = 10;

    /// <summary>The nearest of the names, or else what there is.</summary>
    public static string Among(IEnumerable<string> names, string wrong)
    {
        var known = names.Order(StringComparer.Ordinal).ToList();
        return NearestName.Of(wrong, known) is { } nearest ? $"; did you mean '{nearest}'"
            : known.Count == 0 ? ""
            : $"; there are {string.Join(", ", known.Take(MostNames))}{(known.Count > MostNames ? ", …" : "")}";
    }
}
