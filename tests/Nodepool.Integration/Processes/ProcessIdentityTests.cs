using Nodepool.Providers.Processes;

namespace Nodepool.Integration.Processes;

public sealed class ProcessIdentityTests : IDisposable
{
    private readonly ScratchDirectory _scratch = new();

    public void Dispose() => _scratch.Dispose();

    [Fact]
    public void Of_ThisProcess_IsAlive() => Assert.True(ProcessIdentity.Of(Environment.ProcessId)!.IsAlive);

    [Fact]
    public void Of_NumbersWithoutProcess_IsNull()
    {
        Assert.Null(ProcessIdentity.Of(0));
        Assert.Null(ProcessIdentity.Of(-1));
        Assert.Null(ProcessIdentity.Of(int.MaxValue));
    }

    [Fact]
    public async Task Kill_NumberReusedByALaterProcess_LeavesItAlone()
    {
        var now = await StartAsync("sleep", "60");
        var before = now with { StartTime = now.StartTime - 1 };

        Assert.False(before.IsAlive);
        Assert.False(before.Kill(ProcessSignal.Kill));
        Assert.False(before.KillGroup(ProcessSignal.Kill));
        Assert.True(now.IsAlive);

        Assert.True(now.KillGroup(ProcessSignal.Kill));
        await now.WaitUntilGoneAsync(TimeProvider.System, Ct);
    }

    [Fact]
    public async Task IsAlive_OfAZombie_IsFalse()
    {
        // The parent becomes a program that never reaps.
        var parent = await StartAsync("sh", "-c", "sleep 0.2 & echo $!; exec sleep 60");
        var child = 0;
        await UntilAsync(() => int.TryParse(File.ReadAllText(_scratch.File("log")), out child) && ProcStat.Read(child) is { State: 'Z' });

        Assert.Null(ProcessIdentity.Of(child));
        Assert.False(new ProcessIdentity(child, ProcStat.Read(child)!.Value.StartTime).IsAlive);
        Assert.True(parent.Kill(ProcessSignal.Kill));
    }

    [Fact]
    public async Task StartDetached_AProcess_LeadsItsGroupAndWritesItsLog()
    {
        var process = await StartAsync("sh", "-c", "echo hello; sleep 60 & wait");

        Assert.Equal(process.Pid, ProcStat.Read(process.Pid)!.Value.Session);
        await UntilAsync(() => File.ReadAllText(_scratch.File("log")).Contains("hello", StringComparison.Ordinal));

        Assert.True(process.KillGroup(ProcessSignal.Terminate));
        await process.WaitUntilGoneAsync(TimeProvider.System, Ct);
        await UntilAsync(() => ProcStat.InSession(process.Pid).Count == 0);
    }

    private static async Task UntilAsync(Func<bool> condition)
    {
        while (!condition())
        {
            await Task.Delay(TimeSpan.FromMilliseconds(10), TimeProvider.System, Ct);
        }
    }

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    private async Task<ProcessIdentity> StartAsync(string program, params string[] arguments) =>
        (await ChildProcess.StartDetachedAsync(new ProcessOrder { Program = program, Arguments = [.. arguments], LogPath = _scratch.File("log") }, TimeProvider.System, Ct))!;
}
