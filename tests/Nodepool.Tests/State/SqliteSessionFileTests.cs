using System.Globalization;
using Nodepool.Core.State;
using Nodepool.Testing.State;

namespace Nodepool.Tests.State;

/// <summary>Who is alive and who is dead: sessions, their rows and their files.</summary>
public sealed class SqliteSessionFileTests : IDisposable
{
    private readonly SqliteFile _file = new();

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public void Dispose() => _file.Dispose();

    [Fact]
    public async Task Session_WithoutEphemerals_LeavesNoRowAndNoFile()
    {
        await using var engine = await _file.OpenAsync();
        await engine.CommitAsync([new Write.Create("/a", default, CreateModes.Persistent)], Ct);

        Assert.Equal(0, engine.SessionId);
        Assert.Equal(0, Sessions());
    }

    [Fact]
    public async Task Session_ThatIsClosed_LeavesNoRowAndNoFile()
    {
        var engine = await _file.OpenAsync();
        await engine.CommitAsync([Ephemeral("/e")], Ct);
        Assert.True(File.Exists(FileOf(engine.SessionId)));

        await engine.DisposeAsync();

        Assert.Equal(0, Sessions());
        Assert.False(File.Exists(FileOf(engine.SessionId)));
    }

    [Fact]
    public async Task Session_WhosePidNowBelongsToAnotherProcess_IsDead()
    {
        var dead = await DieAsync();
        using var process = System.Diagnostics.Process.GetProcessById(Environment.ProcessId);
        _file.Execute($"UPDATE session SET pid = {process.Id}");
        File.WriteAllText(FileOf(dead), $"pid {process.Id}\n");

        await using var engine = await _file.OpenAsync();

        Assert.Null(await engine.GetAsync("/e", Ct));
        Assert.Equal(0, Sessions());
        Assert.False(File.Exists(FileOf(dead)));
    }

    [Fact]
    public async Task Session_WhoseFileIsMissing_IsDead()
    {
        File.Delete(FileOf(await DieAsync()));

        await using var engine = await _file.OpenAsync();

        Assert.Null(await engine.GetAsync("/e", Ct));
    }

    [Fact]
    public async Task DeadSession_MetByALockAttempt_IsInNobodysWay()
    {
        await using var engine = await _file.OpenAsync(tuning => tuning with { Upkeep = TimeSpan.FromHours(1) });
        var other = await _file.OpenAsync();
        await other.TryLockAsync("/l", LockOptions.Immediate, Ct);
        await other.AbandonAsync();

        await using var lease = await engine.TryLockAsync("/l", LockOptions.Immediate, Ct);

        Assert.NotNull(lease);
    }

    [Fact]
    public async Task LivingSession_OfAnotherEngine_IsNotReaped()
    {
        await using var other = await _file.OpenAsync();
        await other.CommitAsync([Ephemeral("/e")], Ct);
        await using var lease = await other.TryLockAsync("/l", LockOptions.Immediate, Ct);

        await using (var engine = await _file.OpenAsync())
        {
            Assert.Null(await engine.TryLockAsync("/l", LockOptions.Immediate, Ct));
            Assert.NotNull(await engine.GetAsync("/e", Ct));
        }

        Assert.Equal(1, Sessions());
        Assert.False(lease!.Lost.IsCancellationRequested);
    }

    [Fact]
    public async Task Session_WhoseRowIsGone_EndsAtItsNextCommit()
    {
        await using var engine = await _file.OpenAsync(tuning => tuning with { Upkeep = TimeSpan.FromHours(1) });
        await engine.CommitAsync([Ephemeral("/e")], Ct);
        _file.Execute("DELETE FROM session");

        var fault = await SqliteFile.FaultAsync(async () => await engine.CommitAsync([Ephemeral("/f")], Ct));

        Assert.Equal(StateFault.SessionEnded, fault.Fault);
        Assert.True(engine.SessionEnded.IsCancellationRequested);
    }

    [Fact]
    public async Task Session_WhoseFilesAreRemoved_Ends()
    {
        await using var engine = await _file.OpenAsync();
        var lease = await engine.TryLockAsync("/l", LockOptions.Immediate, Ct);
        var ended = new TaskCompletionSource();
        var lost = new TaskCompletionSource();
        await using var onEnd = engine.SessionEnded.Register(ended.SetResult);
        await using var onLoss = lease!.Lost.Register(lost.SetResult);

        Directory.Delete(_file.Sessions, recursive: true);

        await ended.Task.WaitAsync(TimeSpan.FromSeconds(60), Ct);
        await lost.Task.WaitAsync(TimeSpan.FromSeconds(60), Ct);
    }

    [Fact]
    public async Task Session_WhoseIdsFileIsHeldByAStranger_TakesAnotherId()
    {
        await using (await _file.OpenAsync())
        {
            Directory.CreateDirectory(_file.Sessions);
        }

        using var stranger = new FileStream(FileOf(1), FileMode.Create, FileAccess.ReadWrite, FileShare.None);
        await using var engine = await _file.OpenAsync();
        await engine.CommitAsync([Ephemeral("/e")], Ct);

        Assert.Equal(2, engine.SessionId);
        Assert.Equal(2, (await engine.GetAsync("/e", Ct))!.Owner);
    }

    [Fact]
    public async Task FilesWithoutASession_AreSweptAway()
    {
        await using (await _file.OpenAsync())
        {
            Directory.CreateDirectory(_file.Sessions);
        }

        File.WriteAllText(FileOf(77), "pid 1\n");
        File.WriteAllText(Path.Combine(_file.Sessions, "notes"), "not ours");
        await using var engine = await _file.OpenAsync();
        await engine.CommitAsync([Ephemeral("/e")], Ct);

        Assert.False(File.Exists(FileOf(77)));
        Assert.True(File.Exists(Path.Combine(_file.Sessions, "notes")));
    }

    [Fact]
    public async Task Ids_OfSessions_AreNeverUsedAgain()
    {
        var first = await _file.OpenAsync();
        await first.CommitAsync([Ephemeral("/e")], Ct);
        var id = first.SessionId;
        await first.DisposeAsync();

        await using var second = await _file.OpenAsync();
        await second.CommitAsync([Ephemeral("/e")], Ct);

        Assert.True(second.SessionId > id);
    }

    [Fact]
    public async Task DeadSession_WithNobodyWaiting_IsReapedByTheLiving()
    {
        await using var engine = await _file.OpenAsync();
        var other = await _file.OpenAsync();
        await other.CommitAsync([Ephemeral("/w/e")], Ct);
        await using var probe = new WatchProbe(engine, "/w", Ct);
        await probe.UntilAsync(seen => seen.ContainsKey("/w/e"));

        await other.AbandonAsync();

        await probe.UntilAsync(seen => !seen.ContainsKey("/w/e"));
    }

    private static Write.Create Ephemeral(string path) => new(path, default, CreateModes.Ephemeral);

    private string FileOf(long session) => Path.Combine(_file.Sessions, session.ToString(CultureInfo.InvariantCulture));

    private long Sessions()
    {
        using var database = _file.Connect();
        return database.QueryInt64("SELECT count(*) FROM session");
    }

    private async Task<long> DieAsync()
    {
        var engine = await _file.OpenAsync();
        await engine.CommitAsync([Ephemeral("/e")], Ct);
        await engine.AbandonAsync();
        return engine.SessionId;
    }
}
