using System.Globalization;
using System.Security.Cryptography;
using Nodepool.Core.Collections;
using Nodepool.Core.Config;
using Nodepool.Core.Images;
using Nodepool.ImageTools;
using Nodepool.Integration.Processes;
using Nodepool.Integration.State;
using Nodepool.Providers.Processes;

namespace Nodepool.Integration.ImageTools;

/// <summary>The diskimage-builder tool with a small program in its place that behaves as told.</summary>
public sealed class DibToolTests : IDisposable
{
    private const string Succeed = """
        for name in qcow2 raw; do echo "$DIB_IMAGE_NAME $name" >"$DIB_IMAGE_FILENAME.$name"; done
        mkdir "$DIB_IMAGE_FILENAME.d"; echo "args: $*"; echo "home: $TMP_DIR" >&2; echo left >"$TMP_DIR/left"
        """;

    private readonly ScratchDirectory _scratch = new();
    private readonly DibTool _tool = new(TimeProvider.System, requiredMegabytes: 1);

    public void Dispose() => _scratch.Dispose();

    [Fact]
    public async Task Build_ThatSucceeds_GivesFilesChecksumsAndALog()
    {
        var order = Order(Succeed);

        var result = await _tool.BuildAsync(order, new PhaseLog(), Ct);

        Assert.Equal(["qcow2", "raw"], result.Files.Keys.Order());
        Assert.Equal("debian raw\n", await File.ReadAllTextAsync(result.Files["raw"], Ct));
        var sum = Convert.ToHexStringLower(SHA256.HashData(await File.ReadAllBytesAsync(result.Files["raw"], Ct)));
        Assert.Equal($"{sum}  debian-1.raw\n", await File.ReadAllTextAsync(result.Files["raw"] + ".sha256", Ct));
        Assert.True(File.Exists(result.Files["qcow2"] + ".md5"));
        var log = await File.ReadAllTextAsync(order.LogPath, Ct);
        Assert.Contains($"args: -x -t qcow2,raw --checksum --no-tmpfs --qemu-img-options compat=0.10 -o {order.OutputPath} vm\nhome: {order.OutputPath}.work/scratch\nExit code: 0\n", log, StringComparison.Ordinal);
        Assert.False(Directory.Exists(order.OutputPath + ".work"));
    }

    [Fact]
    public async Task Build_ThatFails_QuotesTheReasonAndLeavesNothingButTheLog()
    {
        var order = Order(Succeed + "\necho 'no such element: vn' >&2; exit 3");

        var fault = await Assert.ThrowsAsync<ImageBuildException>(() => _tool.BuildAsync(order, new PhaseLog(), Ct));

        Assert.Equal($"{order.Image.DibCommand[0]} failed with exit status 3: no such element: vn; the log is {order.LogPath}", fault.Message);
        AssertNothingIsLeft();
        Assert.EndsWith("Exit code: 3\n", await File.ReadAllTextAsync(order.LogPath, Ct), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Build_ThatPrintsItsSecrets_PrintsThemNowhere()
    {
        var order = Order("set -x; env; echo \"registering with $REG_PASSWORD\" >&2; exit 1");
        order = order with { Image = order.Image with { EnvVars = new([.. order.Image.EnvVars, new("REG_PASSWORD", "it's hunter2")]) } };

        var fault = await Assert.ThrowsAsync<ImageBuildException>(() => _tool.BuildAsync(order, new PhaseLog(), Ct));

        var log = await File.ReadAllTextAsync(order.LogPath, Ct);
        Assert.Contains("\nREG_PASSWORD=***\n", log, StringComparison.Ordinal);
        Assert.Contains("\nregistering with ***\n", log, StringComparison.Ordinal);
        Assert.DoesNotContain("hunter2", log + fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Build_WhoseScriptFails_NamesItsElement_AndTellsThePhases()
    {
        var script = _scratch.File("elements/store/install.d/50-store");
        Directory.CreateDirectory(Path.GetDirectoryName(script)!);
        await File.WriteAllTextAsync(script, "", Ct);
        var order = Order("echo 'dib-run-parts Running /h/root.d/10-a'; echo 'dib-run-parts 10-a completed'; echo 'dib-run-parts Running /h/install.d/50-store'; exit 1")
            with
        { ElementsDir = _scratch.File("elements") };
        var phases = new PhaseLog();

        var fault = await Assert.ThrowsAsync<ImageBuildException>(() => _tool.BuildAsync(order, phases, Ct));

        Assert.Equal("element store, install.d/50-store", fault.FailedIn);
        Assert.Equal(["starting diskimage-builder", "root.d", "install.d"], phases.Phases);
    }

    [Fact]
    public async Task Build_ThatFillsTheDisk_IsEndedForThatReason()
    {
        using var disk = SmallDisk.Mount(64);
        var order = Order("head -c 40M /dev/zero >\"$DIB_IMAGE_FILENAME.raw\"; sleep 300", Path.Combine(Path.GetDirectoryName(disk.Store)!, "debian-1"));
        var tool = new DibTool(TimeProvider.System, requiredMegabytes: 1, new DiskWatch(TimeProvider.System, reserveMegabytes: 40));

        var fault = await Assert.ThrowsAsync<ImageBuildException>(() => tool.BuildAsync(order, new PhaseLog(), Ct));

        Assert.StartsWith($"the disk of {Path.GetDirectoryName(disk.Store)} is full (", fault.Message, StringComparison.Ordinal);
        Assert.Empty(MarkedProcesses.Find("NODEPOOL_BUILD", order.OutputPath + ".work"));
        Assert.Empty(Directory.EnumerateFileSystemEntries(Path.GetDirectoryName(disk.Store)!));
        Directory.Delete(Path.GetDirectoryName(disk.Store)!);
    }

    [Fact]
    public async Task Build_AfterABuilderDied_FreesItsMountsAndLoopDevices()
    {
        var dead = Directory.CreateDirectory(Path.Combine(_scratch.File("images"), "debian-0.work"));
        await File.WriteAllTextAsync(Path.Combine(dead.FullName, "owner"), $"{Environment.ProcessId} 1\n", Ct);
        var (image, mount) = (Path.Combine(dead.FullName, "image.raw"), Path.Combine(dead.FullName, "mnt"));
        Directory.CreateDirectory(mount);
        await File.WriteAllBytesAsync(image, new byte[4 << 20], Ct);
        var loop = await RunAsync("losetup", "--find", "--show", image);
        if (loop.ExitCode != 0 || (await RunAsync("mount", "-t", "tmpfs", "none", mount)).ExitCode != 0)
            Assert.Skip("Loop devices and mounts need root.");

        await _tool.BuildAsync(Order(Succeed), new PhaseLog(), Ct);

        Assert.Empty(LoopDevices.Below(dead.FullName));
        Assert.DoesNotContain(mount, await File.ReadAllTextAsync("/proc/self/mountinfo", Ct), StringComparison.Ordinal);
        Assert.False(dead.Exists && Directory.Exists(dead.FullName));
    }

    [Fact]
    public async Task Build_SuccessWithoutAFile_IsAFailure()
    {
        var fault = await Assert.ThrowsAsync<ImageBuildException>(() => _tool.BuildAsync(Order("exit 0"), new PhaseLog(), Ct));

        Assert.Contains("reported success but did not write", fault.Message, StringComparison.Ordinal);
        AssertNothingIsLeft();
    }

    [Fact]
    public async Task Build_MissingProgram_NamesThePackage()
    {
        var order = Order("exit 0");
        order = order with { Image = order.Image with { DibCommand = ["/nowhere/disk-image-create"] } };

        var fault = await Assert.ThrowsAsync<ImageBuildException>(() => _tool.BuildAsync(order, new PhaseLog(), Ct));

        Assert.Equal("not installed: /nowhere/disk-image-create; install with: apt-get install --no-install-recommends python3-diskimage-builder", fault.Message);
    }

    [Fact]
    public async Task Build_TooLittleRoom_IsRefusedBeforeItStarts()
    {
        var order = Order(Succeed);

        var fault = await Assert.ThrowsAsync<ImageBuildException>(
            () => new DibTool(TimeProvider.System, requiredMegabytes: 1_000_000_000).BuildAsync(order, new PhaseLog(), Ct));

        Assert.Contains($"the build needs about 1000000000 MB in {_scratch.File("images")}, which has ", fault.Message, StringComparison.Ordinal);
        Assert.False(File.Exists(order.LogPath));
        AssertNothingIsLeft();
    }

    [Fact]
    public async Task Build_ForWhichAnEarlierOneTookTooMuch_IsRefusedWithThatReason()
    {
        var order = Order(Succeed) with { ExpectedBytes = 3_000_000_000_000_000 };

        var fault = await Assert.ThrowsAsync<ImageBuildException>(() => _tool.BuildAsync(order, new PhaseLog(), Ct));

        Assert.Contains(
            $"the build needs about 3000000200 MB in {_scratch.File("images")} (an earlier build of this image took 3000000000 MB, and 200 MB are left to others), which has ",
            fault.Message,
            StringComparison.Ordinal);
    }

    [Fact]
    public async Task Build_TellsWhatItTookOfTheDisk_AndIsAllowedByThatTheNextTime()
    {
        var order = Order("""
            head -c 6M /dev/urandom >"$TMP_DIR/tree"; truncate -s 64M "$DIB_IMAGE_FILENAME.raw"; head -c 2M /dev/urandom >"$DIB_IMAGE_FILENAME.qcow2"
            """);

        var took = (await _tool.BuildAsync(order, new PhaseLog(), Ct)).DiskBytes;

        Assert.InRange(took!.Value, 8 << 20, 9 << 20);
        var choosy = new DibTool(TimeProvider.System, requiredMegabytes: 1_000_000_000);
        Assert.NotNull(await choosy.BuildAsync(order with { ExpectedBytes = took }, new PhaseLog(), Ct));
    }

    [Fact]
    public async Task Build_Cancelled_EndsEvenProcessesThatLeftTheSession()
    {
        using var stop = new CancellationTokenSource();
        var order = Order($"echo half >\"$DIB_IMAGE_FILENAME.raw\"; setsid --fork sleep 300; echo up >{_scratch.File("up")}; sleep 300");
        var build = _tool.BuildAsync(order, new PhaseLog(), stop.Token);
        while (!File.Exists(_scratch.File("up")))
        {
            await Task.Delay(TimeSpan.FromMilliseconds(20), TimeProvider.System, Ct);
        }

        await stop.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => build);
        Assert.Empty(MarkedProcesses.Find("NODEPOOL_BUILD", order.OutputPath + ".work"));
        AssertNothingIsLeft();
    }

    [Fact]
    public async Task Build_AfterABuilderDied_RemovesWhatItLeft()
    {
        var owner = await OwnerLineAsync();
        var dead = Directory.CreateDirectory(Path.Combine(_scratch.File("images"), "debian-0.work"));
        await File.WriteAllTextAsync(Path.Combine(dead.FullName, "owner"), $"{Environment.ProcessId} 1\n", Ct);
        var alive = Directory.CreateDirectory(Path.Combine(_scratch.File("images"), "other-0.work"));
        await File.WriteAllTextAsync(Path.Combine(alive.FullName, "owner"), owner, Ct);

        var orphan = new ProcessOrder
        {
            // The inner ones as sudo starts them: one with its parent, one whose parent has ended.
            Program = "sh",
            Arguments = ["-c", "env -u NODEPOOL_BUILD setsid sleep 300 & (env -u NODEPOOL_BUILD sleep 300 & echo $!); echo $!; wait"],
            LogPath = _scratch.File("orphan.log"),
            Environment = new ValueMap<string>([new("NODEPOOL_BUILD", dead.FullName)]),
        };
        var process = await ChildProcess.StartDetachedAsync(orphan, TimeProvider.System, Ct);
        string[] started;
        while ((started = await File.ReadAllLinesAsync(orphan.LogPath, Ct)).Length < 2)
        {
            await Task.Delay(TimeSpan.FromMilliseconds(20), TimeProvider.System, Ct);
        }

        var inner = started.Select(line => ProcessIdentity.Of(int.Parse(line, CultureInfo.InvariantCulture))!).ToList();

        await _tool.BuildAsync(Order(Succeed), new PhaseLog(), Ct);

        Assert.False(process!.IsAlive);
        Assert.All(inner, one => Assert.False(one.IsAlive));
        Assert.False(Directory.Exists(dead.FullName));
        Assert.True(Directory.Exists(alive.FullName));
    }

    private static Task<ProcessOutcome> RunAsync(string program, params string[] arguments) =>
        ChildProcess.RunAsync(new ProcessOrder { Program = program, Arguments = [.. arguments], CaptureOutput = true }, TimeProvider.System, Ct);

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    private async Task<string> OwnerLineAsync()
    {
        // What a live builder writes, seen in a build of this process.
        var seen = _scratch.File("owner");
        await _tool.BuildAsync(Order($"cp \"$NODEPOOL_BUILD/owner\" {seen}\n" + Succeed, "seen"), new PhaseLog(), Ct);
        return await File.ReadAllTextAsync(seen, Ct);
    }

    private void AssertNothingIsLeft() => Assert.Empty(Directory.EnumerateFileSystemEntries(_scratch.File("images")));

    private ImageBuildOrder Order(string script, string name = "debian-1")
    {
        var program = _scratch.File("dib-" + Path.GetFileName(name));
        File.WriteAllText(program, "#!/bin/sh\nset -e\n" + script + "\n");
        File.SetUnixFileMode(program, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        var image = new DiskImageConfig { Name = "debian", DibCommand = [program], Elements = ["vm"], EnvVars = new ValueMap<string>([new("DIB_X", "1")]) };
        return new ImageBuildOrder(image, ["qcow2", "raw"], Path.Combine(_scratch.File("images"), name), _scratch.File(Path.GetFileName(name) + ".log"), null);
    }
}
