using System.Security.Cryptography;
using System.Text;
using Nodepool.Core.Config;

namespace Nodepool.Core.Imaging;

/// <summary>
/// Tells whether an image is still built from the same section: failures of another recipe say nothing about this one. Four hex digits: by chance
/// one change in 65,536 is not noticed, and what is stored gives nobody more than 16 bits to guess the secrets in <c>env-vars</c> by.
/// </summary>
public static class BuildRecipe
{
    private const int Digits = 4;

    /// <summary>The recipe of an image.</summary>
    /// <param name="image">Its section.</param>
    /// <param name="formats">In which formats it is built.</param>
    /// <param name="elementsDir">Where its elements are.</param>
    public static string Of(DiskImageConfig image, IEnumerable<string> formats, string? elementsDir)
    {
        ArgumentNullException.ThrowIfNull(image);
        ArgumentNullException.ThrowIfNull(formats);
        string[] parts =
        [
            image.Tool, .. image.DibCommand, "",
            .. image.Elements, "",
            .. image.Packages, "",
            .. image.EnvVars.OrderBy(pair => pair.Key, StringComparer.Ordinal).SelectMany(pair => (string[])[pair.Key, pair.Value]), "",
            .. formats, "",
            image.Release, image.Username, elementsDir ?? "", image.BuildTimeout.ToString(),
        ];
        return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(string.Join('\0', parts))))[..Digits];
    }
}
