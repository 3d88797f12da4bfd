using System.Diagnostics;
using Nodepool.Core.Providers;
using Nodepool.Integration.ImageTools;
using Nodepool.Providers.Local;
using Nodepool.Providers.Local.Machines;
using Nodepool.Providers.Processes;

namespace Nodepool.Integration.Providers.Local;

/// <summary>kill -9 of a launching process at random moments.</summary>
public sealed class VmCrashTests(DebianImage built, ImportedImage imported)
{
    private const int Rounds = 12;
    private const int LongestMilliseconds = 1500;

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Launcher_KilledAtRandomMoments_IsFollowedByOneThatLosesAndLeavesNothing()
    {
        await using var world = await LocalWorld.CreateAsync(LocalKind.Vm, built, imported);
        var seed = Environment.TickCount;
        var random = new Random(seed);
        for (var round = 0; round < Rounds; round++)
        {
            var delay = TimeSpan.FromMilliseconds(random.Next(LongestMilliseconds));
            var said = await KillLauncherAfterAsync(world, delay);

            var order = world.NewOrder("1") with { Token = said.Split(' ')[0] };
            await using var provider = world.Open();
            if (!said.EndsWith(" delete", StringComparison.Ordinal))
            {
                await provider.AdvanceLaunchAsync(order, LaunchProgress.Begin, Ct);
                Assert.True(VmProcesses.All(world.VmOf(order)).Count == 1, $"not one machine after seed {seed}, round {round}, '{said}'");
            }

            await provider.DeleteAsync(order, world);

            await AssertNoProcessAsync(world, $"after seed {seed}, round {round}, '{said}'");
            Assert.Empty(Directory.EnumerateFileSystemEntries(world.Paths.Instances));
        }

        // Both halves of the key pair, and nothing that an interrupted ssh-keygen left.
        Assert.Equal(["id_ed25519", "id_ed25519.pub"], Directory.EnumerateFiles(Path.GetDirectoryName(world.Paths.OperatorKey)!).Select(Path.GetFileName).Order());
    }

    private static async Task<string> KillLauncherAfterAsync(LocalWorld world, TimeSpan delay)
    {
        var diary = Path.Combine(world.Root, CrashingLauncher.DiaryFile);
        File.Delete(diary);
        var start = new ProcessStartInfo(Environment.ProcessPath!) { RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (var argument in (string[])["-method", $"*.{nameof(CrashingLauncher)}.{nameof(CrashingLauncher.Launch_UntilKilled)}", "-explicit", "only"])
        {
            start.ArgumentList.Add(argument);
        }

        start.Environment[CrashingLauncher.RootVariable] = world.Root;
        using var process = Process.Start(start)!;
        var launcher = ProcessIdentity.Of(process.Id)!;
        while (!File.Exists(diary))
        {
            Assert.True(launcher.IsAlive, "the launching process ended by itself");
            await world.PassAsync(TimeSpan.FromMilliseconds(5));
        }

        await world.PassAsync(delay);
        Assert.True(launcher.Kill(ProcessSignal.Kill), "the launching process ended by itself");
        await launcher.WaitUntilGoneAsync(world.Sources.Time, Ct);
        return await File.ReadAllTextAsync(diary, Ct);
    }

    private static async Task AssertNoProcessAsync(LocalWorld world, string when)
    {
        // A program that the killed process had started (rm, ssh-keygen) ends by itself.
        for (var tries = 0; LocalRun.ProcessesOf(world).Any(); tries++)
        {
            Assert.True(tries < 500, $"a process is left {when}");
            await world.PassAsync(TimeSpan.FromMilliseconds(10));
        }
    }
}
