using System.Buffers;

namespace Nodepool.Core.Config.Reading;

/// <summary>Which keys hold values that no message, log or source excerpt may show.</summary>
internal static class SecretNames
{
    private static readonly string[] Parts =
    [
        "password", "passwd", "passphrase", "secret", "token", "credential", "api-key", "api_key", "apikey", "private-key", "private_key", "dburi",
    ];

    private static readonly string[] Environments = ["env", "env-vars"];

    // What a new machine runs: often the only place where it can get a token from.
    private static readonly string[] Scripts = ["userdata", "user-data", "custom-data"];

    // Paths of files, where now and then somebody puts what should be in the file.
    private static readonly string[] KeyFiles = ["key", "auth-path"];

    private static readonly SearchValues<char> Separators = SearchValues.Create(" \t\"'{,[?");

    /// <summary>Whether the value of this key, and all below it, is hidden.</summary>
    public static bool Hides(string key) => Environments.Contains(key) || Scripts.Contains(key) || KeyFiles.Contains(key) || IsSecret(key);

    /// <summary>Whether even keys below this key are hidden: those of <c>env-vars</c> are only names.</summary>
    public static bool IsSecret(string? key) =>
        key is not null && Array.Exists(Parts, part => key.Contains(part, StringComparison.OrdinalIgnoreCase));

    /// <summary>Where on a line that could not be parsed a hidden value begins; its length when there is none.</summary>
    public static int StartOfHidden(ReadOnlySpan<char> line)
    {
        for (var colon = 0; colon < line.Length; colon++)
        {
            if (line[colon] == ':' && Hides(LastWord(line[..colon])))
            {
                return colon + 1;
            }
        }

        return line.Length;
    }

    private static string LastWord(ReadOnlySpan<char> text)
    {
        var trimmed = text.TrimEnd(" \t\"'");
        var start = trimmed.LastIndexOfAny(Separators) + 1;
        return trimmed[start..].ToString();
    }
}
