using System.Globalization;
using Nodepool.Core.Config;
using Nodepool.Core.Images;
using Nodepool.ImageTools;
using Nodepool.Integration.Processes;
using Nodepool.Providers.Processes;

namespace Nodepool.Integration.ImageTools;

/// <summary>Started by root only: a build of an ordinary user that does things as root, as diskimage-builder does, is stopped in the middle.</summary>
public sealed class SudoBuildTests(ITestOutputHelper output)
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Build_OfAUserWhoMayUseSudo_LeavesNothingOfRoot()
    {
        Assert.SkipWhen(Programs.Find("sudo") is null, "this host has no sudo");
        await using var user = await TemporaryUser.CreateAsync(withSubordinateIds: false, withSudo: true);

        var outcome = await user.RunAsync(
            "", Path.Combine(AppContext.BaseDirectory, Path.GetFileName(Environment.ProcessPath!)),
            "-explicit", "only", "-method", typeof(SudoBuildTests).FullName + "." + nameof(StopABuild), "-showLiveOutput", "-noColor");

        output.WriteLine(outcome.Output);
        Assert.True(outcome.ExitCode == 0, outcome.LastLines);
        Assert.Contains("Total: 1, Errors: 0, Failed: 0, Skipped: 0,", outcome.Output, StringComparison.Ordinal);
    }

    /// <summary>Not a test by itself: what the child process of the test above does.</summary>
    [Fact(Explicit = true)]
    public async Task StopABuild()
    {
        using var scratch = new ScratchDirectory();
        using var stop = new CancellationTokenSource();
        var (program, sign, images) = (scratch.File("dib"), scratch.File("sign"), scratch.File("images"));
        // sudo takes the environment away; what is to be known comes as arguments.
        await File.WriteAllTextAsync(program, $"""
            #!/bin/sh
            sudo -n sh -c 'mkdir "$0/mnt" "$0/tree"; mount -t tmpfs none "$0/mnt"; touch "$0/mnt/file" "$0/tree/file"; chmod 700 "$0/tree"; sleep 300 & echo $! >"$1"; wait' "$TMP_DIR" {sign}
            """, Ct);
        File.SetUnixFileMode(program, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        var order = new ImageBuildOrder(new DiskImageConfig { Name = "debian", DibCommand = [program] }, ["raw"], Path.Combine(images, "debian-1"), scratch.File("log"), null);
        var build = new DibTool(TimeProvider.System, requiredMegabytes: 1).BuildAsync(order, new PhaseLog(), stop.Token);
        int pid;
        while (!File.Exists(sign) || !int.TryParse(await File.ReadAllTextAsync(sign, Ct), CultureInfo.InvariantCulture, out pid))
        {
            Assert.False(build.IsCompleted, "it ended: " + build.Exception?.Message);
            await Task.Delay(TimeSpan.FromMilliseconds(20), TimeProvider.System, Ct);
        }

        await stop.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => build);
        Assert.Null(ProcessIdentity.Of(pid));
        Assert.Empty(Mounts.Below(images));
        Assert.Empty(Directory.EnumerateFileSystemEntries(images));
    }
}
