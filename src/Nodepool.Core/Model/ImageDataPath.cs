namespace Nodepool.Core.Model;

/// <summary>What an image's entry in the state tree is, told by its path. Only what a backup holds.</summary>
/// <param name="Image">Name of the diskimage.</param>
/// <param name="Build">Id of the build; null for the pause flag.</param>
/// <param name="Provider">Name of the provider; set for uploads.</param>
/// <param name="Upload">Number of the upload; set for uploads.</param>
public sealed record ImageDataPath(string Image, string? Build = null, string? Provider = null, string? Upload = null)
{
    private const string Lock = "lock";
    private const int UploadDigits = 10;

    /// <summary>The flag that stops builds of an image.</summary>
    public bool IsPause => Build is null;

    /// <summary>The parent of an upload, whose counter numbers the uploads; null for anything else.</summary>
    public string? Parent => Upload is null ? null : NodepoolPaths.Uploads(Image, Build!, Provider!);

    /// <summary>The number of an upload.</summary>
    public long Number => long.Parse(Upload!, System.Globalization.CultureInfo.InvariantCulture);

    /// <summary>Reads a path; null when it is no pause flag, build or upload.</summary>
    public static ImageDataPath? Parse(string path)
    {
        ArgumentNullException.ThrowIfNull(path);
        ImageDataPath? parsed = path.Split('/') switch
        {
            ["", "nodepool", "images", var image, "pause"] => new(image),
            ["", "nodepool", "images", var image, "builds", var build] when build != Lock => new(image, build),
            ["", "nodepool", "images", var image, "builds", var build, "providers", var provider, "images", var upload]
                when build != Lock && upload.Length == UploadDigits && upload.All(char.IsAsciiDigit) => new(image, build, provider, upload),
            _ => null,
        };
        return parsed is not null && new[] { parsed.Image, parsed.Build, parsed.Provider }.All(part => part is null || IsName(part)) ? parsed : null;
    }

    private static bool IsName(string part) => part.Length > 0 && part is not ("." or "..") && !part.Any(char.IsControl);
}
