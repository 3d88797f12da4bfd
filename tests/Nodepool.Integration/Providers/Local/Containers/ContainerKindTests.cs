using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;
using Nodepool.Core.Providers;
using Nodepool.Providers.Local;
using Nodepool.Providers.Processes;

namespace Nodepool.Integration.Providers.Local.Containers;

/// <summary>Real containers, as whoever runs the tests. <see cref="OrdinaryUserTests"/> runs this class again without root.</summary>
public sealed class ContainerKindTests(LocalImageFixture images, ITestOutputHelper output)
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Check_ThisHost_FindsNoObstacle()
    {
        await using var container = await PrepareAsync();

        Assert.Null((await container.Kind.CheckAsync(Ct))?.ToString());
    }

    [Fact]
    public async Task Start_SeededKeys_LoginSudoAndTerminalWork()
    {
        await using var container = await PrepareAsync();
        var clock = Stopwatch.StartNew();

        var process = await container.StartAsync();
        var listening = clock.Elapsed;
        Assert.Equal(container.Spec.Hostname + "\nzuul\nroot", await container.OutputAsync("hostname; whoami; sudo whoami"));

        output.WriteLine($"listens after {listening.TotalMilliseconds:0} ms, command run after {clock.Elapsed.TotalMilliseconds:0} ms");
        Assert.Equal(process, container.Kind.Find(container.Spec.Directory));
        Assert.Equal(process, container.ReadMark("outer"));
        Assert.StartsWith("/dev/pts/", await container.OutputAsync("tty", "-tt"), StringComparison.Ordinal);
        Assert.Contains("Server listening on " + container.Spec.Address, await container.Kind.ConsoleAsync(container.Spec.Directory, Ct), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Inside_TheHost_IsOutOfReach()
    {
        await using var container = await PrepareAsync();
        await container.StartAsync();
        var hostNull = File.GetUnixFileMode("/dev/null");

        Assert.Equal("no", await container.OutputAsync("sudo mount -t tmpfs none /mnt 2>/dev/null && echo yes || echo no"));
        Assert.Equal("no", await container.OutputAsync("sudo mknod /tmp/disk b 8 0 2>/dev/null && echo yes || echo no"));
        Assert.Equal("no", await container.OutputAsync("sudo sh -c 'echo x >/proc/sys/kernel/hostname' 2>/dev/null && echo yes || echo no"));
        Assert.Equal("no", await container.OutputAsync("sudo chmod 600 /proc/keys 2>/dev/null && echo yes || echo no"));
        Assert.Equal("", await container.OutputAsync("sudo find / -xdev -samefile /proc/1/root/etc/hostname -path '/run/*'; grep cgroup /proc/mounts || true"));
        // Writable control groups would let a node lift its own limits.
        Assert.Equal("no", await container.OutputAsync("sudo mkdir /sys/fs/cgroup/memory/x 2>/dev/null && echo yes || echo no"));
        await container.SshAsync("sudo chmod 600 /dev/null");
        Assert.Equal(hostNull, File.GetUnixFileMode("/dev/null"));
        Assert.DoesNotContain("dotnet", await container.OutputAsync("cat /proc/[0-9]*/comm"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Stop_NodeWithBackgroundProcesses_LeavesNothing()
    {
        await using var container = await PrepareAsync();
        var process = await container.StartAsync();
        await container.OutputAsync("setsid sleep 1000 >/dev/null 2>&1 & sudo sh -c 'setsid sleep 1000 >/dev/null 2>&1 &'; mkdir -p ~/a; touch ~/a/b; printf x >~/\"$(printf '\\377')\"");
        var groups = container.Groups();
        // What AssertGone looks for is seen as long as it is there: sshd and what was left in the background.
        Assert.Equal(2, container.Running().Count(line => line.Contains("sleep 1000", StringComparison.Ordinal)));
        var clock = Stopwatch.StartNew();

        await container.Kind.StopAsync(container.Spec.Directory, Ct);

        output.WriteLine($"stopped after {clock.Elapsed.TotalMilliseconds:0} ms; groups: {string.Join(' ', groups)}");
        Assert.False(process.IsAlive);
        container.AssertGone(groups);
        await container.Kind.StopAsync(container.Spec.Directory, Ct);
        container.AssertGone(groups);
    }

    [Fact]
    public async Task Stop_NothingWasStarted_IsNoFault()
    {
        await using var container = await PrepareAsync();

        await container.Kind.StopAsync(container.Spec.Directory, Ct);
        await container.Kind.StopAsync(Path.Combine(container.Spec.Directory, "missing"), Ct);

        container.AssertGone();
        Assert.Null(await container.Kind.ConsoleAsync(container.Spec.Directory, Ct));
    }

    [Fact]
    public async Task Start_SecondTimeInTheSameDirectory_IsAFreshNode()
    {
        await using var container = await PrepareAsync();
        var first = await container.StartAsync();
        await container.OutputAsync("touch ~/old");

        var second = await container.StartAsync();

        Assert.False(first.IsAlive);
        Assert.True(second.IsAlive);
        Assert.Equal("", await container.OutputAsync("ls ~"));
    }

    [Fact]
    public async Task Sshd_Killed_ContainerIsDead()
    {
        await using var container = await PrepareAsync();
        var process = await container.StartAsync();

        Assert.True(container.ReadMark("inner").Kill(ProcessSignal.Kill));
        await process.WaitUntilGoneAsync(TimeProvider.System, Ct).WaitAsync(TimeSpan.FromSeconds(10), TimeProvider.System, Ct);

        Assert.Null(container.Kind.Find(container.Spec.Directory));
    }

    [Fact]
    public async Task Unshare_Killed_NodeDiesWithIt()
    {
        await using var container = await PrepareAsync();
        var process = await container.StartAsync();
        var inner = container.ReadMark("inner");

        Assert.True(process.Kill(ProcessSignal.Kill));
        await inner.WaitUntilGoneAsync(TimeProvider.System, Ct).WaitAsync(TimeSpan.FromSeconds(10), TimeProvider.System, Ct);

        Assert.Null(container.Kind.Find(container.Spec.Directory));
    }

    [Fact]
    public async Task Start_TakenPort_IsNoCapacityAndLeavesNothing()
    {
        await using var container = await PrepareAsync();
        using var other = new TcpListener(IPAddress.Parse(container.Spec.Address), container.Spec.Port);
        other.Start();

        var fault = await Assert.ThrowsAsync<ProviderException>(async () => await container.Kind.StartAsync(container.Spec, Ct));

        Assert.Equal(ProviderFault.CapacityUnavailable, fault.Fault);
        Assert.Contains(container.Spec.Address, fault.Message, StringComparison.Ordinal);
        container.AssertGone();
    }

    [Fact]
    public async Task Start_SshdThatRefusesItsConfiguration_IsRejectedWithItsWords()
    {
        await using var container = await PrepareAsync();
        var broken = new SeedFile("etc/ssh/sshd_config.d/00-broken.conf", Encoding.UTF8.GetBytes("NoSuchKeyword yes\n"), 0x1a4);
        var spec = container.Spec with { Seed = [.. container.Spec.Seed, broken] };
        await container.Kind.StartAsync(spec, Ct);

        var fault = await Assert.ThrowsAsync<ProviderException>(async () => await container.Kind.WaitForSignAsync(spec, Ct));

        Assert.Equal(ProviderFault.Rejected, fault.Fault);
        Assert.Contains("NoSuchKeyword", fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Start_Cancelled_LeavesNothing()
    {
        await using var container = await PrepareAsync();
        using var cancelled = new CancellationTokenSource();
        await cancelled.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () => await container.Kind.StartAsync(container.Spec, cancelled.Token));

        container.AssertGone();
    }

    [Fact]
    public async Task Kill_AtEachStageOfTheStart_StopLeavesNothing()
    {
        var stages = new List<string>();
        for (var delay = 0; delay < 60; delay += 3)
        {
            await using var container = await PrepareAsync();
            var process = await container.Kind.StartAsync(container.Spec, Ct);
            await Task.Delay(TimeSpan.FromMilliseconds(delay), TimeProvider.System, Ct);
            stages.Add(File.Exists(Path.Combine(container.Spec.Directory, "inner")) ? "inner" : "outer");
            if (delay % 2 == 0)
                process.Kill(ProcessSignal.Kill);

            await container.Kind.StopAsync(container.Spec.Directory, Ct);
            container.AssertGone();
        }

        output.WriteLine(string.Join(' ', stages));
    }

    [Fact]
    public async Task Start_TwentyAtOnce_AllAnswer()
    {
        var containers = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => PrepareAsync()));
        try
        {
            var clock = Stopwatch.StartNew();
            await Task.WhenAll(containers.Select(container => container.StartAsync()));
            var listening = clock.Elapsed;
            var names = await Task.WhenAll(containers.Select(container => container.OutputAsync("hostname")));
            var answered = clock.Elapsed;
            Assert.Equal(containers.Select(container => container.Spec.Hostname), names);

            clock.Restart();
            await Task.WhenAll(containers.Select(container => container.Kind.StopAsync(container.Spec.Directory, Ct).AsTask()));
            output.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"20 at once: listen after {listening.TotalSeconds:0.00} s, commands run after {answered.TotalSeconds:0.00} s, stopped in {clock.Elapsed.TotalSeconds:0.00} s"));
            Assert.All(containers, container => container.AssertGone());
        }
        finally
        {
            foreach (var container in containers)
            {
                await container.DisposeAsync();
            }
        }
    }

    private async Task<TestContainer> PrepareAsync() => await TestContainer.PrepareAsync(await images.ImageAsync());
}
