using System.Globalization;

namespace Nodepool.Integration.Providers.Local.Containers;

/// <summary>Limits that really bite; where the host lets nobody make control groups there is nothing to test.</summary>
public sealed class ContainerLimitTests(LocalImageFixture images, ITestOutputHelper output)
{
    [Fact]
    public async Task Memory_MoreThanTheLimit_IsKilledAndTheNodeLives()
    {
        await using var container = await StartAsync("memory");

        // tail keeps what it reads until it has seen a line end.
        var greedy = await container.SshAsync("head -c 400M /dev/zero | tail | wc -c");
        var modest = await container.OutputAsync("head -c 50M /dev/zero | tail | wc -c");

        Assert.DoesNotContain("419430400", greedy.Output, StringComparison.Ordinal);
        Assert.Equal((50 << 20).ToString(CultureInfo.InvariantCulture), modest);
    }

    [Fact]
    public async Task Pids_ForkBomb_StopsAtTheLimitAndTheNodeCanBeStopped()
    {
        await using var container = await StartAsync("pids");
        var groups = container.Groups();

        // sh gives up at the first refusal; what it has started stays.
        var bomb = await container.SshAsync("sh -c 'i=0; while [ $i -lt 3000 ]; do sleep 1000 </dev/null >/dev/null 2>&1 & i=$((i+1)); done'");
        output.WriteLine($"{bomb.ExitCode} {bomb.Output.Trim()} {bomb.LastLines}");
        var group = groups.First(group => File.Exists(Path.Combine(group, "pids.max")));
        var current = int.Parse(await File.ReadAllTextAsync(Path.Combine(group, "pids.current"), TestContext.Current.CancellationToken), CultureInfo.InvariantCulture);
        Assert.InRange(current, 900, 1024);

        await container.Kind.StopAsync(container.Spec.Directory, TestContext.Current.CancellationToken);
        container.AssertGone(groups);
    }

    [Fact]
    public async Task Cpu_BusyNode_RunsUnderItsQuota()
    {
        await using var container = await StartAsync("cpu");
        var group = container.Groups().First(group => File.Exists(Path.Combine(group, "cpu.stat")) && Directory.GetFiles(group, "cpu.*").Any(HasQuota));

        await container.OutputAsync("timeout 1 sh -c 'while :; do :; done' || true");

        // The kernel counts periods only where a quota is enforced.
        var periods = File.ReadAllLines(Path.Combine(group, "cpu.stat")).Single(line => line.StartsWith("nr_periods ", StringComparison.Ordinal));
        output.WriteLine(periods);
        Assert.NotEqual("nr_periods 0", periods);
    }

    private static bool HasQuota(string file) =>
        Path.GetFileName(file) is "cpu.max" or "cpu.cfs_quota_us" && File.ReadAllText(file).Trim() is "100000" or "100000 100000";

    private async Task<TestContainer> StartAsync(string controller)
    {
        var container = await TestContainer.PrepareAsync(await images.ImageAsync());
        try
        {
            await container.StartAsync();
            var has = container.Groups().Any(group => Directory.GetFiles(group, controller + ".*").Length > 0);
            Assert.SkipUnless(has, $"this host lets {Environment.UserName} make no control groups with the controller {controller}");
            return container;
        }
        catch
        {
            await container.DisposeAsync();
            throw;
        }
    }
}
