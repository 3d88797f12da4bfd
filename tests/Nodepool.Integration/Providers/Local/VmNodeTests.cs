using Nodepool.Core.Providers;
using Nodepool.Integration.ImageTools;
using Nodepool.Providers.Local;
using Nodepool.Providers.Local.Instances;
using Nodepool.Providers.Local.Machines;
using Nodepool.Providers.Processes;

namespace Nodepool.Integration.Providers.Local;

/// <summary>Real virtual machines: login, death, adoption, removal.</summary>
public sealed class VmNodeTests(DebianImage built, ImportedImage imported)
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Node_Launched_LetsBothUsersInByTheReportedHostKey()
    {
        await using var world = await LocalWorld.CreateAsync(LocalKind.Vm, built, imported);
        await using var provider = world.Open();
        var order = world.NewOrder("17");

        var instance = await provider.LaunchAsync(order, world);
        var root = await world.SshAsync(instance, "root", "hostname");
        var user = await world.SshAsync(instance, "zuul", "sudo id -un; nproc");

        Assert.Equal((0, "np17"), (root.ExitCode, root.Output.Trim()));
        Assert.Equal((0, "root\n1"), (user.ExitCode, user.Output.Trim()));
        Assert.Contains("node: network up", await ((IConsoleProvider)provider).GetConsoleLogAsync(instance.ExternalId, Ct));
    }

    [Fact]
    public async Task Node_Deleted_LeavesNoProcessNoFileAndAFreePort()
    {
        await using var world = await LocalWorld.CreateAsync(LocalKind.Vm, built, imported);
        await using var provider = world.Open();
        var order = world.NewOrder("1");
        var instance = await provider.LaunchAsync(order, world);
        Assert.NotEmpty(LocalRun.ProcessesOf(world));
        Assert.False(Endpoints.CanListen(instance.InterfaceIp, instance.ConnectionPort!.Value));

        await provider.DeleteAsync(order, world);

        Assert.Empty(LocalRun.ProcessesOf(world));
        Assert.Empty(Directory.EnumerateFileSystemEntries(world.Paths.Instances));
        Assert.True(Endpoints.CanListen(instance.InterfaceIp, instance.ConnectionPort.Value));
    }

    [Fact]
    public async Task Node_ThatPanics_IsAFaultWithTheEndOfItsConsole()
    {
        await using var world = await LocalWorld.CreateAsync(LocalKind.Vm, built, imported);
        await using var provider = world.Open();
        var order = world.NewOrder("1");
        // A disk without a file system: the guest's first program gives up.
        var broken = world.Paths.Image("broken-image");
        await CopyImageAsync(world, broken);
        File.Delete(broken.Disk);
        await RunAsync(world, "qemu-img", "create", "-q", "-f", "qcow2", broken.Disk, "64M");

        var fault = await Assert.ThrowsAsync<ProviderException>(() => provider.LaunchAsync(order with { ImageExternalId = "broken-image" }, world));

        Assert.Equal(ProviderFault.Rejected, fault.Fault);
        Assert.Contains("np1 ended while it booted", fault.Message, StringComparison.Ordinal);
        Assert.Contains("no ext4 file system", fault.Message, StringComparison.Ordinal);
        Assert.Contains("no ext4", await ((IConsoleProvider)provider).GetConsoleLogAsync(order.Token, Ct));
    }

    [Fact]
    public async Task Node_KilledWhileItBoots_IsAFaultAtOnce()
    {
        await using var world = await LocalWorld.CreateAsync(LocalKind.Vm, built, imported);
        await using var provider = world.Open();
        var order = world.NewOrder("1");
        var progress = await provider.AdvanceLaunchAsync(order, LaunchProgress.Begin, Ct);
        VmProcesses.Find(world.VmOf(order))!.Kill(ProcessSignal.Kill);

        var fault = await Assert.ThrowsAsync<ProviderException>(() => provider.AdvanceLaunchAsync(order, progress, Ct).AsTask());

        Assert.Equal(ProviderFault.Rejected, fault.Fault);
    }

    [Fact]
    public async Task Launch_AfterTheStarterDiedBeforeThePidWasWritten_EndsWithOneMachine()
    {
        await using var world = await LocalWorld.CreateAsync(LocalKind.Vm, built, imported);
        await using var provider = world.Open();
        var order = world.NewOrder("1");
        await provider.AdvanceLaunchAsync(order, LaunchProgress.Begin, Ct);
        var first = Assert.Single(VmProcesses.All(world.VmOf(order)));
        File.Delete(world.VmOf(order).PidFile);

        await using var next = world.Open();
        var instance = await next.LaunchAsync(order, world);

        var second = Assert.Single(VmProcesses.All(world.VmOf(order)));
        Assert.NotEqual(first, second);
        Assert.Equal(order.Token, instance.ExternalId);
    }

    [Fact]
    public async Task Launch_ContinuedByAnotherProcess_KeepsTheRunningMachine()
    {
        await using var world = await LocalWorld.CreateAsync(LocalKind.Vm, built, imported);
        await using var provider = world.Open();
        var order = world.NewOrder("1");
        await provider.AdvanceLaunchAsync(order, LaunchProgress.Begin, Ct);
        var first = Assert.Single(VmProcesses.All(world.VmOf(order)));

        await using var next = world.Open();
        await next.LaunchAsync(order, world);

        Assert.Equal(first, Assert.Single(VmProcesses.All(world.VmOf(order))));
    }

    [Fact]
    public async Task Launch_WhenThePortWasTakenMeanwhile_MovesToAnother()
    {
        await using var world = await LocalWorld.CreateAsync(LocalKind.Vm, built, imported);
        await using var provider = world.Open();
        var order = world.NewOrder("1");
        await provider.AdvanceLaunchAsync(order, LaunchProgress.Begin, Ct);
        var record = InstanceRecord.Parse(await File.ReadAllBytesAsync(Path.Combine(world.Paths.Instance(order.Token), "instance.json"), Ct))!;
        var process = VmProcesses.Find(world.VmOf(order))!;
        process.Kill(ProcessSignal.Kill);
        await process.WaitUntilGoneAsync(world.Sources.Time, Ct);
        using var thief = new System.Net.Sockets.TcpListener(System.Net.IPAddress.Parse(record.Address), record.Port);
        thief.Start();

        var instance = await provider.LaunchAsync(order, world);

        Assert.NotEqual(record.Port, instance.ConnectionPort);
        Assert.Single(VmProcesses.All(world.VmOf(order)));
    }

    [Fact]
    public async Task Launch_WithoutTheEmulator_SaysWhatToInstall()
    {
        await using var world = await LocalWorld.CreateAsync(LocalKind.Vm, built, imported, LocalWorld.Emulating with { Qemu = "qemu-system-nothing" });
        await using var provider = world.Open();

        var fault = await Assert.ThrowsAsync<ProviderException>(
            () => provider.AdvanceLaunchAsync(world.NewOrder("1"), LaunchProgress.Begin, Ct).AsTask());

        Assert.Equal(ProviderFault.Rejected, fault.Fault);
        Assert.Contains("'qemu-system-nothing' is not installed", fault.Message, StringComparison.Ordinal);
        Assert.Contains("apt-get install --no-install-recommends qemu-system-x86", fault.Message, StringComparison.Ordinal);
        Assert.False(Directory.Exists(world.Paths.Instances));
    }

    [Fact]
    public async Task Image_UnderARunningMachine_IsNotDeleted()
    {
        await using var world = await LocalWorld.CreateAsync(LocalKind.Vm, built, imported);
        await using var provider = world.Open();
        var order = world.NewOrder("1");
        await provider.AdvanceLaunchAsync(order, LaunchProgress.Begin, Ct);

        var fault = await Assert.ThrowsAsync<ProviderException>(() => ((IImageProvider)provider).DeleteImageAsync(LocalWorld.Image, Ct).AsTask());

        Assert.Equal(ProviderFault.Unavailable, fault.Fault);
        Assert.Contains(order.Token, fault.Message, StringComparison.Ordinal);
        Assert.True(File.Exists(world.Paths.Image(LocalWorld.Image).Disk));
    }

    private static async Task CopyImageAsync(LocalWorld world, LocalImage target)
    {
        Directory.CreateDirectory(target.Directory);
        foreach (var file in Directory.EnumerateFiles(world.Paths.Image(LocalWorld.Image).Directory))
        {
            await RunAsync(world, "ln", "-T", file, Path.Combine(target.Directory, Path.GetFileName(file)));
        }
    }

    private static async Task RunAsync(LocalWorld world, string program, params string[] arguments)
    {
        var outcome = await ChildProcess.RunAsync(new ProcessOrder { Program = program, Arguments = [.. arguments] }, world.Sources.Time, Ct);
        Assert.True(outcome.ExitCode == 0, outcome.LastLines);
    }
}
