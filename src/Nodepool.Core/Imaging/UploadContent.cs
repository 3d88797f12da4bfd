using Nodepool.Core.Collections;
using Nodepool.Core.Config;
using Nodepool.Core.Config.Templates;
using Nodepool.Core.Images;
using Nodepool.Core.Providers;

namespace Nodepool.Core.Imaging;

/// <summary>What a provider gets to know of an upload. Follows from records, files and configuration, so that another process tells the same.</summary>
internal sealed class UploadContent(IBuildFiles files, NodepoolConfig config, UploadOrder order)
{
    private readonly string _image = order.Build.Image;
    private readonly string _build = order.Build.Id;

    /// <summary>Name of the image at the provider.</summary>
    /// <param name="upload">Number of the upload.</param>
    /// <param name="begun">When it began, Unix seconds.</param>
    public string Name(string upload, double begun) =>
        order.Provider.ImageName?.Evaluate(FormatVocabulary.ValuesOf(_image, upload, DateTimeOffset.UnixEpoch.AddSeconds(begun)))
            ?? $"{_image}-{_build[..Math.Min(8, _build.Length)]}-{upload}";

    /// <summary>Compares the files with their checksums, and describes the upload.</summary>
    /// <param name="upload">Number of the upload.</param>
    /// <param name="name">Name of the image at the provider.</param>
    /// <param name="ct">Ends the reading.</param>
    /// <exception cref="ImageBuildException">A file is missing, or not what was built.</exception>
    public async ValueTask<ImageUploadOrder> VerifyAsync(string upload, string name, CancellationToken ct)
    {
        var found = files.Find(_image, _build);
        if (order.Provider.ImageFormats.FirstOrDefault(format => !found.ContainsKey(format)) is { } missing)
        {
            throw new ImageBuildException($"the build's {missing} file is missing from images-dir");
        }

        var checksums = new List<KeyValuePair<string, ImageChecksums>>();
        foreach (var format in order.Provider.ImageFormats)
        {
            checksums.Add(KeyValuePair.Create(format, await files.VerifyAsync(found[format], ct)));
        }

        var sent = order.Provider.ImageFormats.ToDictionary(format => format, format => found[format]);
        return new ImageUploadOrder(_image, name, sent, Metadata(upload)) { Checksums = new ValueMap<ImageChecksums>(checksums) };
    }

    private ValueMap<string> Metadata(string upload) => new(
    [
        .. config.FindDiskImage(_image)?.Metadata ?? ValueMap<string>.Empty,
        .. order.Image.Meta,
        new(ImageMetadata.BuildId, _build),
        new(ImageMetadata.UploadId, upload),
        new(NodeMetadata.ProviderName, order.Provider.Name),
    ]);
}
