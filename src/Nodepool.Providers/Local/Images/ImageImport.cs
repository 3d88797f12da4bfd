using Microsoft.Extensions.Logging;
using Nodepool.Core;
using Nodepool.Core.Collections;
using Nodepool.Core.Images;
using Nodepool.Core.Providers;
using Nodepool.Providers.Processes;

namespace Nodepool.Providers.Local.Images;

/// <summary>Makes an image's directory out of a build's files.</summary>
internal sealed partial class ImageImport(BootFiles bootFiles, Sources sources, ILogger logger)
{
    // Room for boot files and directories, beside the tree.
    private const long Spare = 128L << 20;

    /// <summary>Fills the directory, which must not exist.</summary>
    public async ValueTask RunAsync(ImageUploadOrder order, LocalImage target, IProgress<double> progress, CancellationToken ct)
    {
        var (tar, disk) = (FileOf(order, "tar"), FileOf(order, "qcow2"));
        CheckRoom(target.Directory, tar);
        Directory.CreateDirectory(target.Tree);
        progress.Report(0.02);
        var hasOwners = await UserNamespace.KeepsOwnersAsync(sources.Time, ct);
        await ExtractAsync(tar, target, hasOwners, ct);
        progress.Report(0.8);
        await LinkAsync(disk, target.Disk, ct);
        progress.Report(0.85);
        try
        {
            await bootFiles.EnsureAsync(target, ct);
        }
        catch (ProviderException e)
        {
            // Containers need no boot files. Virtual machines try again and tell the same.
            LogNoBootFiles(order.ImageName, e.Message);
        }

        var record = new ImageRecord { ImageName = order.ImageName, ImportedAt = sources.UnixNow, HasOwners = hasOwners, Metadata = order.Metadata };
        AtomicFile.Write(ImageRecord.PathIn(target.Directory), record.ToUtf8());
    }

    private static string FileOf(ImageUploadOrder order, string format) => order.Files.TryGetValue(format, out var path)
        ? path
        : throw new ProviderException(ProviderFault.Rejected, $"the upload of {order.ImageName} has no file in format {format}; the driver 'local' needs {string.Join(" and ", LocalSection.ImageFormats)}");

    private static void CheckRoom(string directory, string tar)
    {
        var needed = new FileInfo(tar).Length + Spare;
        var free = new DriveInfo(Path.GetDirectoryName(directory)!).AvailableFreeSpace;
        if (free < needed)
            throw LocalFaults.NoRoom(directory, null, $": the image needs {needed >> 20} MiB, {free >> 20} MiB are free");
    }

    private async ValueTask ExtractAsync(string tar, LocalImage target, bool hasOwners, CancellationToken ct)
    {
        // Device nodes cannot be made in a user namespace, and every machine has a /dev of its own.
        ValueList<string> arguments = ["-C", target.Tree, "--numeric-owner", "--exclude=./dev/*", .. hasOwners ? [] : (string[])["--no-same-owner"], "-xf", tar];
        var (program, wrapped) = await UserNamespace.WrapAsync("tar", arguments, sources.Time, ct);
        var outcome = await ChildProcess.RunAsync(new ProcessOrder { Program = program, Arguments = wrapped }, sources.Time, ct);
        if (outcome.ExitCode != 0)
            throw LocalFaults.Failed($"Unpacking {tar}", target.Directory, outcome);
    }

    private async ValueTask LinkAsync(string disk, string target, CancellationToken ct)
    {
        var outcome = await ChildProcess.RunAsync(new ProcessOrder { Program = "ln", Arguments = ["-T", "--", disk, target] }, sources.Time, ct);
        if (outcome.ExitCode == 0)
            return;
        // Another file system, or a file of another user.
        await using var from = File.OpenRead(disk);
        await using var to = new FileStream(target, FileMode.CreateNew, FileAccess.Write);
        await from.CopyToAsync(to, ct);
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "The image {ImageName} cannot start virtual machines: {Reason}")]
    private partial void LogNoBootFiles(string imageName, string reason);
}
