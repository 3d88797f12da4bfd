using System.Formats.Tar;
using System.Security.Cryptography;
using Nodepool.Core.Collections;
using Nodepool.Core.Config;
using Nodepool.Core.Images;
using Nodepool.ImageTools;
using Nodepool.Integration.Processes;
using Nodepool.Providers.Processes;

namespace Nodepool.Integration.ImageTools;

/// <summary>Real builds from this machine's mirror, of a tree with hardly anything in it.</summary>
public sealed class MmdebstrapToolTests : IDisposable
{
    private static readonly MmdebstrapSettings Small = new()
    {
        Variant = "extract",
        Packages = ["busybox-static"],
        RequiredMegabytes = 1,
    };

    private readonly ScratchDirectory _scratch = new();

    public MmdebstrapToolTests() =>
        File.SetUnixFileMode(_scratch.Root, File.GetUnixFileMode(_scratch.Root) | UnixFileMode.OtherExecute | UnixFileMode.GroupExecute);

    public void Dispose() => _scratch.Dispose();

    [Fact]
    public async Task Build_AllFormats_HoldTheTreeAndChecksums()
    {
        var order = Order(["qcow2", "raw", "tar"]);
        var phases = new PhaseLog();

        var result = await Tool(Small).BuildAsync(order, phases, Ct);

        Assert.Equal(["downloading packages", "unpacking packages", "packing the tree", "unpacking the tree", "packing disk image", "converting to qcow2", "computing checksums"],
            phases.Phases.Where(phase => phase is not ("asking apt for its settings" or "reading package lists" or "preparing the image for nodes")));
        var size = SizeInTar(result.Files["tar"], "./bin/busybox");
        Assert.InRange(size, 1_000_000, 10_000_000);
        Assert.Equal(1L << 29, new FileInfo(result.Files["raw"]).Length);
        Assert.Contains("\"virtual-size\": 536870912", await OutputAsync("qemu-img", "info", "--output=json", result.Files["qcow2"]), StringComparison.Ordinal);
        Assert.Contains("no errors", (await OutputAsync("qemu-img", "check", result.Files["qcow2"])).ToLowerInvariant(), StringComparison.Ordinal);
        Assert.Contains($"Size: {size}", await OutputAsync("debugfs", "-R", "stat /bin/busybox", result.Files["raw"]), StringComparison.Ordinal);
        foreach (var file in result.Files.Values)
        {
            await using var stream = File.OpenRead(file);
            Assert.Equal($"{Convert.ToHexStringLower(await SHA256.HashDataAsync(stream, Ct))}  {Path.GetFileName(file)}\n", await File.ReadAllTextAsync(file + ".sha256", Ct));
            Assert.Equal(32, (await File.ReadAllTextAsync(file + ".md5", Ct)).IndexOf(' ', StringComparison.Ordinal));
        }

        Assert.Equal(9, Directory.EnumerateFileSystemEntries(_scratch.File("images")).Count());
    }

    [Fact]
    public async Task Build_WhereOthersMayNotEnter_WorksWithoutRoot()
    {
        Assert.SkipWhen(Environment.IsPrivilegedProcess, "root may enter everywhere");
        File.SetUnixFileMode(_scratch.Root, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);

        var result = await Tool(Small).BuildAsync(Order(["tar"]), new PhaseLog(), Ct);

        Assert.InRange(SizeInTar(result.Files["tar"], "./bin/busybox"), 1_000_000, 10_000_000);
        Assert.False(Directory.Exists(Path.Combine(Path.GetTempPath(), "tiny-1.work")));
    }

    [Fact]
    public async Task Build_UnknownPackage_GivesAptsReason()
    {
        var order = Order(["tar"]);
        order = order with { Image = order.Image with { Packages = ["no-such-package"] } };

        var fault = await FaultAsync(Small, order);

        Assert.Contains("Unable to locate package no-such-package; correct the name, in 'packages' of this diskimage or in its elements; the log is", fault, StringComparison.Ordinal);
        AssertNothingIsLeft(order);
        Assert.Contains("Unable to locate package", await File.ReadAllTextAsync(order.LogPath, Ct), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("reading package lists")]
    [InlineData("unpacking packages")]
    [InlineData("packing disk image")]
    public async Task Build_CancelledInTheMiddle_LeavesNothing(string moment)
    {
        using var stop = new CancellationTokenSource();
        var order = Order(["qcow2", "tar"]);

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Tool(Small).BuildAsync(order, new PhaseLog(moment, stop.Cancel), stop.Token));

        AssertNothingIsLeft(order);
    }

    [Fact]
    public async Task Build_OnAFullDisk_SaysSoAndLeavesNothing()
    {
        Assert.SkipUnless(Environment.IsPrivilegedProcess, "mounting a small disk needs root");
        var order = Order(["tar"]);
        var directory = Directory.CreateDirectory(_scratch.File("images")).FullName;
        await OutputAsync("mount", "-t", "tmpfs", "-o", "size=24m", "small", directory);
        try
        {
            var before = await FaultAsync(Small with { RequiredMegabytes = 1500 }, order);
            Assert.Contains($"the build needs about 1500 MB in {directory}, which has 25 MB free; delete old images there", before, StringComparison.Ordinal);
            Assert.False(File.Exists(order.LogPath));

            var during = await FaultAsync(Small, order);
            Assert.StartsWith($"the disk of {directory} is full", during, StringComparison.Ordinal);
            AssertNothingIsLeft(order);
        }
        finally
        {
            await OutputAsync("umount", directory);
        }
    }

    [Fact]
    public async Task Build_ReleaseWithoutSource_NamesTheRemedy()
    {
        var order = Order(["tar"]);

        var fault = await FaultAsync(Small, order with { Image = order.Image with { Release = "potato" } });

        Assert.Contains("has no package source of release 'potato' for diskimage 'tiny'; set env-vars: DIB_DISTRIBUTION_MIRROR", fault, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("vhd", "builder", "git", "makes qcow2, raw, tar, not vhd")]
    [InlineData("tar", "Builder", "git", "'Builder' of diskimage 'tiny' is no user name")]
    [InlineData("tar", "builder", "git -y", "'git -y' in 'packages' of diskimage 'tiny' is no name")]
    public async Task Build_WrongOrder_IsRefusedBeforeItStarts(string format, string user, string package, string message)
    {
        var order = Order([format]);

        var fault = await FaultAsync(Small, order with { Image = order.Image with { Username = user, Packages = [package] } });

        Assert.Contains(message, fault, StringComparison.Ordinal);
        Assert.False(File.Exists(order.LogPath));
    }

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    private static MmdebstrapTool Tool(MmdebstrapSettings settings) => new(TimeProvider.System, settings);

    private static async Task<string> FaultAsync(MmdebstrapSettings settings, ImageBuildOrder order) =>
        (await Assert.ThrowsAsync<ImageBuildException>(() => Tool(settings).BuildAsync(order, new PhaseLog(), Ct))).Message;

    private static async Task<string> OutputAsync(string program, params string[] arguments)
    {
        var order = new ProcessOrder { Program = program, Arguments = [.. arguments], CaptureOutput = true };
        var outcome = await ChildProcess.RunAsync(order, TimeProvider.System, Ct);
        Assert.True(outcome.ExitCode == 0, $"{program}: {outcome.LastLines}");
        return outcome.Output;
    }

    private static long SizeInTar(string tar, string name)
    {
        using var reader = new TarReader(File.OpenRead(tar));
        while (reader.GetNextEntry() is { } entry)
        {
            if (entry.Name == name)
                return entry.Length;
        }

        return -1;
    }

    private static void AssertNothingIsLeft(ImageBuildOrder order)
    {
        Assert.Empty(Directory.EnumerateFileSystemEntries(Path.GetDirectoryName(order.OutputPath)!));
        Assert.Empty(MarkedProcesses.Find("NODEPOOL_BUILD", order.OutputPath + ".work"));
        Assert.Empty(Mounts.Below(order.OutputPath + ".work"));
    }

    private ImageBuildOrder Order(ValueList<string> formats)
    {
        var image = new DiskImageConfig
        {
            Name = "tiny",
            Username = "builder",
            EnvVars = new ValueMap<string>([new("DIB_IMAGE_SIZE", "0.5")]),
        };
        return new ImageBuildOrder(image, formats, Path.Combine(_scratch.File("images"), "tiny-1"), _scratch.File("tiny-1.log"), null);
    }
}
