using System.Buffers;

namespace Nodepool.Core.Config.Reading.Yaml;

/// <summary>Refuses what is not a YAML text at all, before a parser spends time on it.</summary>
internal static class YamlCharacters
{
    // Control characters other than tab and line ends; YAML allows the "next line" character U+0085.
    private static readonly SearchValues<char> Forbidden = SearchValues.Create(
        [.. Enumerable.Range(0, 0xA0).Select(code => (char)code).Where(IsForbiddenControl), '\uFFFE', '\uFFFF']);

    private static bool IsForbiddenControl(char c) => char.IsControl(c) && c is not ('\t' or '\n' or '\r' or '\u0085');

    /// <summary>Checks length and characters.</summary>
    /// <exception cref="YamlRefusal">The text is none that YAML allows.</exception>
    public static void Check(ConfigText text)
    {
        if (text.OverflowAt is not null || text.Expanded.Length > YamlLimits.Length)
        {
            throw new YamlRefusal(0, $"the file has more than {YamlLimits.Length} characters; that is no configuration");
        }

        var at = text.Expanded.AsSpan().IndexOfAny(Forbidden);
        if (at >= 0)
        {
            throw new YamlRefusal(at, $"the character U+{(int)text.Expanded[at]:X4} is not allowed in YAML; is this a text file?");
        }
    }
}
