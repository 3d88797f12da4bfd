using System.Text.RegularExpressions;
using Nodepool.Core.Config;
using Nodepool.Core.Config.Reading;

namespace Nodepool.Core.Imaging;

/// <summary>
/// Covers secrets in what an image tool says, a line at a time: values as they are, in the forms in which shells and addresses write them, each line of values that have
/// several, and passwords in addresses.
/// </summary>
public sealed partial class BuildSecrets
{
    private const string Cover = "***";

    // Shorter values are words of everyday text; covering them would make a message unreadable and hide nothing.
    private const int ShortestValue = 4;

    // Of variables that nobody has given to this build: more of them only sound secret.
    private const int ShortestInherited = 8;

    private readonly string[] _values;

    private BuildSecrets(IEnumerable<string> values) =>
        _values = [.. values.SelectMany(Forms).Where(form => form.Length >= ShortestValue).Distinct(StringComparer.Ordinal).OrderByDescending(form => form.Length)];

    /// <summary>The secrets of a build: in the image's <c>env-vars</c> those of the secure file and those whose names say so.</summary>
    /// <param name="image">The image.</param>
    /// <param name="inherited">Further variables of the build's environment, of which names alone tell; null for none.</param>
    public static BuildSecrets Of(DiskImageConfig image, IEnumerable<KeyValuePair<string, string>>? inherited = null)
    {
        ArgumentNullException.ThrowIfNull(image);
        var own = image.EnvVars.Where(pair => image.SecretVariables.Contains(pair.Key) || SecretNames.IsSecret(pair.Key));
        var others = (inherited ?? []).Where(pair => SecretNames.IsSecret(pair.Key) && pair.Value.Length >= ShortestInherited);
        return new(own.Concat(others).Select(pair => pair.Value));
    }

    /// <summary>The text without them.</summary>
    public string Hide(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        var covered = text.Contains("://", StringComparison.Ordinal) ? Credentials().Replace(text, $"://{Cover}@") : text;
        foreach (var value in _values)
        {
            covered = covered.Replace(value, Cover, StringComparison.Ordinal);
        }

        return covered;
    }

    private static IEnumerable<string> Forms(string value)
    {
        yield return value;
        foreach (var line in value.Split('\n', StringSplitOptions.TrimEntries))
        {
            yield return line;
            yield return line.Replace("'", "'\\''", StringComparison.Ordinal);
            yield return Uri.EscapeDataString(line);
        }
    }

    [GeneratedRegex(@"://[^/@\s""]+@")]
    private static partial Regex Credentials();
}
