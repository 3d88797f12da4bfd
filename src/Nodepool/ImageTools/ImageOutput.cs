using System.Collections.Frozen;
using Nodepool.Core.Images;

namespace Nodepool.ImageTools;

/// <summary>The files of a build at their final place.</summary>
internal static class ImageOutput
{
    /// <summary>Endings of image files. Tools may put others beside them, a kernel for example, which are not ours to judge.</summary>
    public static readonly FrozenSet<string> Formats = FrozenSet.Create(StringComparer.Ordinal, "qcow2", "raw", "squashfs", "tar", "tgz", "vdi", "vhd", "vhdx", "vmdk");

    private static readonly string[] SideFiles = [".md5", ".sha256"];

    /// <summary>Path of one format.</summary>
    public static string PathOf(ImageBuildOrder order, string format) => $"{order.OutputPath}.{format}";

    /// <summary>Moves a finished file of a format into place; a rename, so that it is whole or not there.</summary>
    public static void Accept(ImageBuildOrder order, string format, string file) => File.Move(file, PathOf(order, format), overwrite: true);

    /// <summary>Writes checksums beside every format that has none yet.</summary>
    public static async Task AddChecksumsAsync(ImageBuildOrder order, CancellationToken ct)
    {
        foreach (var file in order.Formats.Select(format => PathOf(order, format)))
        {
            if (SideFiles.Any(side => !File.Exists(file + side)))
                await Checksums.WriteAsync(file, ct);
        }
    }

    /// <summary>What the build made.</summary>
    public static ImageBuildResult Result(ImageBuildOrder order) =>
        new(order.Formats.ToDictionary(format => format, format => PathOf(order, format)));

    /// <summary>Removes what a failed build left at the final place, the manifest directory of diskimage-builder included.</summary>
    public static void Remove(ImageBuildOrder order)
    {
        RemoveFiles(order);
        if (Directory.Exists(order.OutputPath + ".d"))
            Directory.Delete(order.OutputPath + ".d", recursive: true);
    }

    /// <summary>Removes the files of the order's formats, checksums included.</summary>
    public static void RemoveFiles(ImageBuildOrder order)
    {
        foreach (var format in order.Formats)
        {
            foreach (var side in SideFiles.Prepend(""))
            {
                File.Delete(PathOf(order, format) + side);
            }
        }
    }
}
