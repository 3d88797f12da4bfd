using System.Text.Json;

namespace Nodepool.Providers.Local.Images;

/// <summary>What is known of an imported image; <c>image.json</c> in its directory.</summary>
internal sealed record ImageRecord
{
    /// <summary>Name of the diskimage.</summary>
    public required string ImageName { get; init; }

    /// <summary>Unix seconds of the import.</summary>
    public required double ImportedAt { get; init; }

    /// <summary>The tree's files have the owners that they shall have; false after an import by a user without subordinate ids.</summary>
    public required bool HasOwners { get; init; }

    /// <summary>Properties of the upload order.</summary>
    public required IReadOnlyDictionary<string, string> Metadata { get; init; }

    public byte[] ToUtf8() => JsonSerializer.SerializeToUtf8Bytes(this, LocalJson.Default.ImageRecord);

    /// <summary>Reads the record of an image's directory, or null when there is no readable one.</summary>
    public static ImageRecord? Read(string directory)
    {
        try
        {
            return JsonSerializer.Deserialize(File.ReadAllBytes(PathIn(directory)), LocalJson.Default.ImageRecord);
        }
        catch (Exception e) when (e is JsonException or FileNotFoundException or DirectoryNotFoundException)
        {
            return null;
        }
    }

    public static string PathIn(string directory) => Path.Combine(directory, "image.json");
}
