using System.Globalization;
using Nodepool.Core.Images;

namespace Nodepool.ImageTools;

/// <summary>Makes disk images from the archive of a tree without a loop device and without a mount.</summary>
internal sealed class DiskPacker(BuildStep step, BuildWork work)
{
    /// <summary>Name in <c>env-vars</c> of the disk's size in GiB, the same as diskimage-builder's.</summary>
    public const string SizeVariable = "DIB_IMAGE_SIZE";

    private const double DefaultGibibytes = 4;
    private const double MostGibibytes = 4096;

    // No journal and no checksums: the disk lives as long as one job. Nothing is initialised later behind the node's back.
    private static readonly string[] FileSystemOptions =
    [
        "-q", "-F", "-t", "ext4", "-L", "noderoot", "-m", "0", "-O", "^metadata_csum,^has_journal", "-E", "lazy_itable_init=0,root_owner=0:0,nodiscard",
    ];

    /// <summary>Size of the disk in bytes: a sparse file, so that room which is not used costs nothing.</summary>
    /// <exception cref="ImageBuildException">The number is none, or out of range.</exception>
    public static long SizeOf(ImageBuildOrder order)
    {
        if (!order.Image.EnvVars.TryGetValue(SizeVariable, out var text))
            return (long)(DefaultGibibytes * (1L << 30));
        return double.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var size) && size is > 0 and <= MostGibibytes
            ? (long)Math.Ceiling(size * 1024) << 20
            : throw new ImageBuildException(
                $"env-vars of diskimage '{order.Image.Name}': {SizeVariable} is the size of the disk in GiB, a number up to {MostGibibytes}, not '{text}'");
    }

    /// <summary>Unpacks the archive into a directory and makes a file system of it.</summary>
    /// <returns>Path of the raw disk.</returns>
    public async Task<string> MakeRawAsync(string tar, long size, IProgress<string> phase, CancellationToken ct)
    {
        phase.Report("unpacking the tree");
        var tree = work.PathOf("tree");
        Directory.CreateDirectory(tree);
        // Device files come from the kernel's devtmpfs; making them here would need real root.
        await RunAsync("tar", ["-C", tree, "--numeric-owner", "--exclude=./dev/*", "-xf", tar], ct);

        phase.Report("packing disk image");
        var raw = work.PathOf("image.raw");
        await using (var file = new FileStream(raw, FileMode.CreateNew))
        {
            file.SetLength(size);
        }

        await RunAsync("mke2fs", [.. FileSystemOptions, "-d", tree, raw], ct);
        await RunAsync("rm", ["-rf", "--one-file-system", "--", tree], ct);
        return raw;
    }

    /// <summary>Converts a raw disk.</summary>
    /// <returns>Path of the qcow2 file.</returns>
    public async Task<string> MakeQcow2Async(string raw, IProgress<string> phase, CancellationToken ct)
    {
        phase.Report("converting to qcow2");
        var qcow2 = work.PathOf("image.qcow2");
        await step.RunAsync("qemu-img", ["convert", "-f", "raw", "-O", "qcow2", raw, qcow2], ct);
        return qcow2;
    }

    private Task RunAsync(string program, string[] arguments, CancellationToken ct)
    {
        var (wrapped, all) = UserNamespace.Wrap(program, arguments);
        return step.RunAsync(wrapped, all, ct);
    }
}
