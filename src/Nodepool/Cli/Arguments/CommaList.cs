namespace Nodepool.Cli.Arguments;

/// <summary>Values that may be given by repeating an option, by commas, or both.</summary>
internal static class CommaList
{
    /// <summary>Each value once, in the order in which they were given.</summary>
    public static string[] Split(IEnumerable<string> texts) =>
        [.. texts.SelectMany(text => text.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)).Distinct(StringComparer.Ordinal)];
}
