using Nodepool.Core.Images;
using Nodepool.Core.Providers;
using Nodepool.Providers.OpenStack.Access;

namespace Nodepool.Providers.OpenStack.Images;

/// <summary>The file of an upload, with the sums that its order names, or else those that its build wrote beside it where there are such.</summary>
internal sealed class ImageFile
{
    private const int BufferLength = 1 << 20;

    private readonly string _path;
    private readonly ImageChecksums? _known;
    private FileSums? _sent;

    private ImageFile(string path, string format, long length, ImageChecksums? known)
    {
        (_path, _known) = (path, known);
        Format = format;
        Length = length;
    }

    /// <summary>Format of the content, such as <c>qcow2</c>.</summary>
    public string Format { get; }

    /// <summary>Bytes.</summary>
    public long Length { get; }

    /// <summary>The last attempt has sent all of it.</summary>
    public bool IsSent => _sent is not null;

    /// <exception cref="ProviderException">Rejected: the file cannot be read.</exception>
    public static ImageFile Find(ImageUploadOrder order)
    {
        var (format, path) = order.Files.First();
        return new FileInfo(path) is { Exists: true } file
            ? new ImageFile(path, format, file.Length, order.Checksums.GetValueOrDefault(format))
            : throw new ProviderException(ProviderFault.Rejected, $"image {order.ImageName}: {path} does not exist; was the build deleted? Build it anew");
    }

    /// <summary>The content, for one attempt to send it.</summary>
    public CloudContent Content(IProgress<double> progress) => new(Length, () =>
    {
        _sent = null;
        return new UploadStream(Open(), progress, sums => _sent = sums);
    });

    /// <summary>What is wrong with what the cloud has, compared with the file; null when nothing is.</summary>
    /// <param name="image">The image that was made of it.</param>
    /// <param name="ct">Ends the reading of the sums beside the file.</param>
    public async Task<string?> CompareAsync(GlanceImage image, CancellationToken ct)
    {
        if (_sent is not { } sums)
        {
            return "the file was not read to its end";
        }

        if ((_known?.Sha256 ?? await SideFileAsync("sha256", ct).ConfigureAwait(false)) is { } built && built != sums.Sha256)
        {
            return $"{_path} is damaged: its sum differs from that of the build";
        }

        if (image.DiskFormat != Format)
        {
            // The cloud turns images into its own format while it imports them; no sum can be compared then.
            return null;
        }

        var (what, here, there) = image.HashAlgorithm?.ToLowerInvariant() switch
        {
            "sha512" => ("SHA-512 sum", sums.Sha512, image.HashValue),
            "sha256" => ("SHA-256 sum", sums.Sha256, image.HashValue),
            _ when image.Checksum is not null => ("MD5 sum", _known?.Md5 ?? await SideFileAsync("md5", ct).ConfigureAwait(false), image.Checksum),
            _ => ("length", $"{Length}", $"{image.Size ?? Length}"),
        };
        return here is null || there is null || string.Equals(here, there, StringComparison.OrdinalIgnoreCase) ? null : $"the {what} of what the cloud has is {there}, that of the file {here}";
    }

    /// <summary>Reads the file and tells whether an image was made of all of it; false also where the cloud tells no sum of what it got.</summary>
    /// <exception cref="ProviderException">Rejected: the file cannot be read.</exception>
    public async Task<bool> IsSameAsync(GlanceImage image, CancellationToken ct)
    {
        if (image.DiskFormat != Format || image.Size != Length || (image.HashValue is null && image.Checksum is null))
        {
            return false;
        }

        await using (var all = new UploadStream(Open(), new Progress<double>(), sums => _sent = sums))
        {
            await all.CopyToAsync(Stream.Null, ct).ConfigureAwait(false);
        }

        return await CompareAsync(image, ct).ConfigureAwait(false) is null;
    }

    private FileStream Open()
    {
        try
        {
            return new FileStream(_path, FileMode.Open, FileAccess.Read, FileShare.Read, BufferLength, FileOptions.Asynchronous | FileOptions.SequentialScan);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new ProviderException(ProviderFault.Rejected, $"{_path} cannot be read: {e.Message}", e);
        }
    }

    private async Task<string?> SideFileAsync(string ending, CancellationToken ct)
    {
        try
        {
            var text = await File.ReadAllTextAsync($"{_path}.{ending}", ct).ConfigureAwait(false);
            return text.Split((char[]?)null, 2, StringSplitOptions.RemoveEmptyEntries).FirstOrDefault()?.ToLowerInvariant();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }
}
