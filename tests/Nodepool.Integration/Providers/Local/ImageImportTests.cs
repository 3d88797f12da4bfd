using Nodepool.Core.Collections;
using Nodepool.Core.Images;
using Nodepool.Core.Providers;
using Nodepool.Integration.ImageTools;
using Nodepool.Providers.Local;
using Nodepool.Providers.Local.Images;
using Nodepool.Providers.Local.Machines;
using Nodepool.Providers.Processes;

namespace Nodepool.Integration.Providers.Local;

/// <summary>What an import makes of a real image, and what it says about broken ones.</summary>
public sealed class ImageImportTests(DebianImage built, ImportedImage imported)
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Import_OfABuild_MakesTreeDiskKernelAndInitrd()
    {
        var image = new LocalImage(await imported.GetAsync(built, Ct));

        Assert.True(File.Exists(Path.Combine(image.Tree, "usr/sbin/sshd")));
        Assert.Empty(Directory.EnumerateFileSystemEntries(Path.Combine(image.Tree, "dev")));
        Assert.Equal(ImageRecord.Read(image.Directory)!.HasOwners, await UserNamespace.KeepsOwnersAsync(TimeProvider.System, Ct));
        Assert.True((await File.ReadAllBytesAsync(image.Kernel, Ct)).AsSpan().StartsWith("\u007fELF"u8), "the kernel of this Debian was packed with LZ4 and is not unpacked");
        Assert.StartsWith("070701", await File.ReadAllTextAsync(image.Initrd, System.Text.Encoding.Latin1, Ct), StringComparison.Ordinal);
        Assert.Equal(new FileInfo((await built.GetAsync(Ct))["qcow2"]).Length, new FileInfo(image.Disk).Length);
    }

    [Fact]
    public async Task Import_OfABrokenArchive_SaysSoAndLeavesNothing()
    {
        await using var world = await LocalWorld.CreateAsync(LocalKind.Vm, built, imported);
        await using var provider = world.Open();
        var tar = Path.Combine(world.Root, "broken.tar");
        await File.WriteAllTextAsync(tar, new string('x', 4096), Ct);
        var order = world.NewUpload("image-2") with { Files = new Dictionary<string, string> { ["tar"] = tar, ["qcow2"] = (await built.GetAsync(Ct))["qcow2"] } };

        var fault = await Assert.ThrowsAsync<ProviderException>(() => ((IImageProvider)provider).UploadImageAsync(order, new Progress<double>(), Ct).AsTask());

        Assert.Equal(ProviderFault.Rejected, fault.Fault);
        Assert.Contains("Unpacking", fault.Message, StringComparison.Ordinal);
        Assert.Contains("tar archive", fault.Message, StringComparison.Ordinal);
        Assert.Equal([LocalWorld.Image], Directory.EnumerateFileSystemEntries(world.Paths.Images).Select(Path.GetFileName));
    }

    [Fact]
    public async Task Import_WithoutAFormat_NamesIt()
    {
        await using var world = await LocalWorld.CreateAsync(LocalKind.Vm, built, imported);
        await using var provider = world.Open();
        var order = new ImageUploadOrder("debian", "image-2", new Dictionary<string, string>(), ValueMap<string>.Empty);

        var fault = await Assert.ThrowsAsync<ProviderException>(() => ((IImageProvider)provider).UploadImageAsync(order, new Progress<double>(), Ct).AsTask());

        Assert.Contains("no file in format tar", fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Import_OfATreeWithoutKernel_ServesNoVirtualMachineAndSaysWhy()
    {
        await using var world = await LocalWorld.CreateAsync(LocalKind.Vm, built, imported);
        await using var provider = world.Open();
        var tree = Directory.CreateDirectory(Path.Combine(world.Root, "small", "etc")).Parent!.FullName;
        var tar = Path.Combine(world.Root, "small.tar");
        var outcome = await ChildProcess.RunAsync(new ProcessOrder { Program = "tar", Arguments = ["-C", tree, "-cf", tar, "."] }, TimeProvider.System, Ct);
        Assert.Equal(0, outcome.ExitCode);
        var order = world.NewUpload("image-2") with { Files = new Dictionary<string, string> { ["tar"] = tar, ["qcow2"] = (await built.GetAsync(Ct))["qcow2"] } };

        var id = await ((IImageProvider)provider).UploadImageAsync(order, new Progress<double>(), Ct);
        var fault = await Assert.ThrowsAsync<ProviderException>(
            () => provider.AdvanceLaunchAsync(world.NewOrder("1") with { ImageExternalId = id }, LaunchProgress.Begin, Ct).AsTask());

        Assert.Equal(ProviderFault.Rejected, fault.Fault);
        Assert.Contains("no kernel", fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Emulator_Asked_TellsItsStateAndADeadOneNothing()
    {
        await using var world = await LocalWorld.CreateAsync(LocalKind.Vm, built, imported);
        await using var provider = world.Open();
        var order = world.NewOrder("1");
        await provider.AdvanceLaunchAsync(order, LaunchProgress.Begin, Ct);
        var socket = world.VmOf(order).Socket;

        var status = await QmpClient.AskAsync(socket, "query-status", TimeSpan.FromSeconds(30), TimeProvider.System, Ct);
        VmProcesses.Find(world.VmOf(order))!.Kill(ProcessSignal.Kill);

        Assert.Equal("running", status!["status"]!.GetValue<string>());
        Assert.Null(await QmpClient.AskAsync(socket, "query-status", TimeSpan.FromSeconds(30), TimeProvider.System, Ct));
    }
}
