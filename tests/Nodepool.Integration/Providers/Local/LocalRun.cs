using System.Globalization;
using System.Text;
using Nodepool.Core.Providers;
using Nodepool.Providers.Local.Machines;
using Nodepool.Providers.Processes;

namespace Nodepool.Integration.Providers.Local;

/// <summary>What the tests of this driver do and look at.</summary>
internal static class LocalRun
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    /// <summary>Steps until the driver says that the instance runs.</summary>
    public static async Task<Instance> LaunchAsync(this IProvider provider, LaunchOrder order, LocalWorld world)
    {
        var began = world.Sources.Time.GetTimestamp();
        var progress = LaunchProgress.Begin;
        for (; progress.Instance is null; progress = await provider.AdvanceLaunchAsync(order, progress, Ct))
        {
            Assert.True(world.Sources.Time.GetElapsedTime(began) < world.Patience, $"still at '{progress.Stage}'");
            await world.PassAsync(progress.WakeAfter);
        }

        return progress.Instance;
    }

    /// <summary>Logs in with the operator's key and the host key that the driver told, and runs a command.</summary>
    public static async Task<ProcessOutcome> SshAsync(this LocalWorld world, Instance instance, string user, params string[] command)
    {
        var hosts = Path.Combine(world.Root, "known_hosts");
        var name = string.Create(CultureInfo.InvariantCulture, $"[{instance.InterfaceIp}]:{instance.ConnectionPort}");
        // ssh looks port 22 up without brackets and number.
        var place = instance.ConnectionPort == 22 ? instance.InterfaceIp : name;
        await File.WriteAllLinesAsync(hosts, instance.HostKeys!.Select(key => $"{place} {key}"), Ct);
        var order = new ProcessOrder
        {
            Program = "ssh",
            Arguments =
            [
                "-i", world.Paths.OperatorKey, "-o", "IdentitiesOnly=yes", "-o", "BatchMode=yes", "-o", "StrictHostKeyChecking=yes",
                "-o", "UserKnownHostsFile=" + hosts, "-o", "GlobalKnownHostsFile=/dev/null", "-o", "ConnectTimeout=120",
                "-p", instance.ConnectionPort!.Value.ToString(CultureInfo.InvariantCulture), $"{user}@{instance.InterfaceIp}", .. command,
            ],
            CaptureOutput = true,
            Timeout = world.Patience,
        };
        // The port is forwarded before the guest listens: a first connection may be dropped.
        for (var tries = 1; ; tries++)
        {
            var outcome = await ChildProcess.RunAsync(order, world.Sources.Time, Ct);
            if (outcome.ExitCode != 255 || tries == 20 || outcome.LastLines.Contains("verification failed", StringComparison.Ordinal))
                return outcome;
            await world.PassAsync(TimeSpan.FromMilliseconds(500));
        }
    }

    /// <summary>Steps until nothing is left.</summary>
    public static async Task DeleteAsync(this IProvider provider, LaunchOrder order, LocalWorld world)
    {
        while (await provider.AdvanceDeleteAsync(new DeleteOrder(order.NodeId, order.Token, order.Token), Ct) is { IsGone: false } progress)
        {
            await world.PassAsync(progress.WakeAfter);
        }
    }

    /// <summary>Processes whose command line speaks of anything in the world's directory.</summary>
    public static IEnumerable<int> ProcessesOf(LocalWorld world)
    {
        var root = Encoding.UTF8.GetBytes(world.Root);
        foreach (var directory in Directory.EnumerateDirectories("/proc"))
        {
            if (int.TryParse(Path.GetFileName(directory), CultureInfo.InvariantCulture, out var pid) && Mentions(directory, root) && ProcessIdentity.Of(pid) is not null)
                yield return pid;
        }
    }

    public static VmFiles VmOf(this LocalWorld world, LaunchOrder order) => new(world.Paths.Instance(order.Token));

    private static bool Mentions(string directory, ReadOnlySpan<byte> root)
    {
        try
        {
            return File.ReadAllBytes(Path.Combine(directory, "cmdline")).AsSpan().IndexOf(root) >= 0;
        }
        catch (IOException)
        {
            return false;
        }
    }
}
