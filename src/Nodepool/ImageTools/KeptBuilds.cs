using Nodepool.Core.Images;
using Nodepool.Core.Model;
using Nodepool.Core.Model.Json;

namespace Nodepool.ImageTools;

/// <summary>Records of finished builds, as <c>IMAGE-BUILD.build</c> in the stored form.</summary>
/// <param name="outputPath">Path without extension of the files of a build.</param>
internal sealed class KeptBuilds(Func<string, string, string> outputPath) : IKeptBuilds
{
    /// <summary>Ending of a record that is being written, or whose builder died over it.</summary>
    public const string HalfEnding = Ending + ".new";

    private const string Ending = ".build";

    public async ValueTask KeepAsync(string image, string build, ImageBuildRecord record, CancellationToken ct)
    {
        var path = outputPath(image, build) + Ending;
        var fresh = outputPath(image, build) + HalfEnding;
        await using (var file = new FileStream(fresh, FileMode.Create, FileAccess.Write))
        {
            await file.WriteAsync(record.Write(), ct);
            file.Flush(flushToDisk: true);
        }

        File.Move(fresh, path, overwrite: true);
    }

    public ImageBuildRecord? Find(string image, string build)
    {
        var output = outputPath(image, build);
        try
        {
            var record = ImageBuildRecord.Read(File.ReadAllBytes(output + Ending));
            return record.Formats.All(format => File.Exists($"{output}.{format}")) ? record : null;
        }
        catch (Exception e) when (e is IOException or RecordFormatException)
        {
            return null;
        }
    }
}
