namespace Nodepool.Cli;

/// <summary>Command lines for people to paste.</summary>
internal static class ShellLine
{
    /// <summary>The words with quotes where a shell needs them.</summary>
    public static string Of(IEnumerable<string> words) => string.Join(' ', words.Select(Quote));

    private static string Quote(string word) =>
        word.Length > 0 && word.All(c => char.IsAsciiLetterOrDigit(c) || "-_=/.,:@%+".Contains(c, StringComparison.Ordinal))
            ? word
            : $"'{word.Replace("'", "'\\''", StringComparison.Ordinal)}'";
}
