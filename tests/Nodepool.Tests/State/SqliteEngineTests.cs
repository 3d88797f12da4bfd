using Nodepool.Core.State;
using Nodepool.State.Sqlite;
using Nodepool.State.Watching;
using Nodepool.Testing.State;

namespace Nodepool.Tests.State;

public sealed class SqliteEngineTests : IDisposable
{
    private readonly SqliteFile _file = new();

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public void Dispose() => _file.Dispose();

    [Fact]
    public async Task Files_OfAStore_AreForTheirOwnerOnly()
    {
        await using var engine = await _file.OpenAsync();
        await engine.CommitAsync([Ephemeral("/e")], Ct);

        const UnixFileMode Owner = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        Assert.Equal(Owner | UnixFileMode.UserExecute, File.GetUnixFileMode(Path.GetDirectoryName(_file.Path)!));
        Assert.Equal(Owner | UnixFileMode.UserExecute, File.GetUnixFileMode(_file.Sessions));
        var files = Directory.GetFiles(Path.GetDirectoryName(_file.Path)!).Concat(Directory.GetFiles(_file.Sessions)).ToList();
        Assert.True(files.Count >= 4);
        Assert.All(files, file => Assert.Equal(Owner, File.GetUnixFileMode(file)));
    }

    [Fact]
    public async Task Store_OpenedAgain_HasEverythingAndGoesOnCounting()
    {
        long position;
        await using (var first = await _file.OpenAsync())
        {
            await first.CommitAsync([Create("/n/a", "kept"), Sequential("/n/"), Ephemeral("/n/gone")], Ct);
            position = (await first.CommitAsync([new Write.Set("/n/a", "newer"u8.ToArray(), 0)], Ct)).Position;
        }

        await using var second = await _file.OpenAsync();

        Assert.Equal(["0000000001", "a"], await second.ListAsync("/n", Ct));
        Assert.Equal(1, (await second.GetAsync("/n/a", Ct))!.Version);
        var next = await second.CommitAsync([Sequential("/n/")], Ct);
        Assert.Equal(["/n/0000000003"], next.Created);
        Assert.Equal(position + 2, next.Position);
    }

    [Fact]
    public async Task Commits_NotAwaitedBeforeDisposal_AreStored()
    {
        var engine = await _file.OpenAsync();
        var commits = Enumerable.Range(0, 500).Select(i => engine.CommitAsync([Create($"/n/{i}", "")], Ct).AsTask()).ToList();

        await engine.DisposeAsync();

        await Task.WhenAll(commits);
        await using var again = await _file.OpenAsync();
        Assert.Equal(500, (await again.ListAsync("/n", Ct)).Count);
    }

    [Fact]
    public async Task Commit_CancelledWhileItWaits_IsNotApplied()
    {
        await using var engine = await _file.OpenAsync();
        using var cancel = CancellationTokenSource.CreateLinkedTokenSource(Ct);
        using var blocker = _file.Connect();
        blocker.Execute("BEGIN IMMEDIATE");
        var first = engine.CommitAsync([Create("/first", "")], Ct).AsTask();
        var second = engine.CommitAsync([Create("/second", "")], cancel.Token).AsTask();

        await cancel.CancelAsync();
        blocker.Execute("COMMIT");

        await first;
        Exception? outcome = await Record.ExceptionAsync(() => second);
        Assert.Equal(outcome is null, await engine.GetAsync("/second", Ct) is not null);
        Assert.True(outcome is null or OperationCanceledException);
    }

    [Fact]
    public async Task Watch_WithoutSignals_FindsCommitsOfOthersByLooking()
    {
        await using var other = await _file.OpenAsync();
        await using var engine = await _file.OpenAsync(tuning => tuning with { Signals = false });
        await using var probe = new WatchProbe(engine, "/w", Ct);
        await probe.ReachAsync(0);

        await other.CommitAsync([Create("/w/a", "")], Ct);

        await probe.UntilAsync(seen => seen.ContainsKey("/w/a"));
    }

    [Fact]
    public async Task Watch_WithSignalsOnly_HearsOfCommitsOfOthers()
    {
        await using var other = await _file.OpenAsync();
        await using var engine = await _file.OpenAsync(tuning => tuning with { PollBesideSignals = TimeSpan.FromHours(1), Upkeep = TimeSpan.FromHours(1) });
        await using var probe = new WatchProbe(engine, "/w", Ct);
        await probe.ReachAsync(0);

        for (var i = 0; i < 20; i++)
        {
            await other.CommitAsync([Create($"/w/{i}", "")], Ct);
            await probe.UntilAsync(seen => seen.ContainsKey($"/w/{i}"));
        }
    }

    [Fact]
    public async Task Cursor_FurtherBehindThanTheLog_ReadsEverythingAnew()
    {
        await using var engine = await _file.OpenAsync(tuning => tuning with { ChangeLogLength = 100 });
        await engine.CommitAsync([Create("/w/old", ""), Create("/w/gone", "")], Ct);
        using var reader = new SqliteReader(_file.Connect());
        var cursor = new ChangeCursor(reader, new(tellsInline: true));
        var subscription = new Subscription("/w");
        cursor.Advance([subscription], [], 0);
        CommitResult last = null!;
        for (var i = 0; i < 3000; i += 100)
        {
            last = await engine.CommitAsync([.. Enumerable.Range(i, 100).Select(n => Create($"/w/{n}", ""))], Ct);
        }

        last = await engine.CommitAsync([new Write.Delete("/w/gone", Write.AnyVersion)], Ct);
        var news = cursor.Advance([], [subscription], 0);

        Assert.Empty(news.Changes);
        await using var batches = subscription.ReadAsync(Ct).GetAsyncEnumerator(Ct);
        Assert.True(await batches.MoveNextAsync());
        Assert.Equal((true, last.Position, 3002), (batches.Current.IsResync, batches.Current.Position, batches.Current.Changes.Count));
        Assert.Empty(cursor.Advance([], [subscription], 0).Changes);
        Assert.InRange(reader.ChangeLog().Last - reader.ChangeLog().First, 99, 1200);
    }

    [Fact]
    public async Task Cursor_WithinTheLog_ReadsWhatChanged()
    {
        await using var engine = await _file.OpenAsync();
        using var reader = new SqliteReader(_file.Connect());
        var cursor = new ChangeCursor(reader, new(tellsInline: true));
        cursor.Advance([], [], 0);
        await engine.CommitAsync([Create("/w/a", "1"), Create("/w/b", "")], Ct);
        var last = await engine.CommitAsync([new Write.Set("/w/a", "2"u8.ToArray(), 0), new Write.Delete("/w/b", 0)], Ct);

        var news = cursor.Advance([], [], 0);

        Assert.Equal(last.Position, news.Position);
        Assert.Equal([("/w", 0), ("/w/a", 1), ("/w/b", null)], news.Changes.Select(change => (change.Path, change.Entry?.Version)));
        Assert.False(cursor.Advance([], [], 0).IsWorthTelling);
        Assert.True(cursor.Advance([], [], last.Position).IncludesOwn);
        Assert.False(cursor.Advance([], [], last.Position).IncludesOwn);
    }

    [Fact]
    public async Task Reads_WhileAnotherProcessWrites_DoNotWait()
    {
        await using var engine = await _file.OpenAsync();
        await engine.CommitAsync([Create("/a", "1")], Ct);
        using var blocker = _file.Connect();
        blocker.Execute("BEGIN IMMEDIATE; UPDATE entry SET version = 9");

        Assert.Equal(0, (await engine.GetAsync("/a", Ct))!.Version);

        blocker.Execute("ROLLBACK");
    }

    private static Write.Create Create(string path, string data) => new(path, System.Text.Encoding.UTF8.GetBytes(data), CreateModes.Persistent);

    private static Write.Create Sequential(string prefix) => new(prefix, default, CreateModes.Sequential);

    private static Write.Create Ephemeral(string path) => new(path, default, CreateModes.Ephemeral);
}
