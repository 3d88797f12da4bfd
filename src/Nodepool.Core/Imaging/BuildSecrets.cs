using System.Text.RegularExpressions;
using Nodepool.Core.Config;
using Nodepool.Core.Config.Reading;

namespace Nodepool.Core.Imaging;

/// <summary>Covers secrets in what an image tool has said before it is stored or shown.</summary>
public static partial class BuildSecrets
{
    private const string Cover = "***";

    // Shorter values are words of everyday text; covering them would make a message unreadable and hide nothing.
    private const int ShortestValue = 4;

    /// <summary>The text without the secret values of the image's <c>env-vars</c> and without passwords in addresses.</summary>
    public static string Hide(string text, DiskImageConfig image)
    {
        ArgumentNullException.ThrowIfNull(text);
        ArgumentNullException.ThrowIfNull(image);
        var values = image.EnvVars
            .Where(pair => pair.Value.Length >= ShortestValue && (image.SecretVariables.Contains(pair.Key) || SecretNames.IsSecret(pair.Key)))
            .Select(pair => pair.Value).OrderByDescending(value => value.Length);
        return values.Aggregate(Credentials().Replace(text, $"://{Cover}@"), (covered, value) => covered.Replace(value, Cover, StringComparison.Ordinal));
    }

    [GeneratedRegex(@"://[^/@\s""]+@")]
    private static partial Regex Credentials();
}
