using Nodepool.Core.State;
using Nodepool.State.Sqlite;

namespace Nodepool.Tests.State;

/// <summary>Files that are not what they should be; each message names the file and says what to do.</summary>
public sealed class SqliteFaultTests : IDisposable
{
    private readonly SqliteFile _file = new();

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public void Dispose() => _file.Dispose();

    [Fact]
    public async Task File_ThatIsNoDatabase_IsCorrupt()
    {
        Directory.CreateDirectory(Path.GetDirectoryName(_file.Path)!);
        File.WriteAllText(_file.Path, new string('x', 5000));

        var fault = await SqliteFile.FaultAsync(() => _file.OpenAsync());

        Assert.Equal(StateFault.Corrupt, fault.Fault);
        Assert.Contains(_file.Path, fault.Message, StringComparison.Ordinal);
        Assert.Contains("Restore it from a copy", fault.Message, StringComparison.Ordinal);
        Assert.Equal(5000, new FileInfo(_file.Path).Length);
    }

    [Fact]
    public async Task File_WithAnotherProgramsTables_IsNotTouched()
    {
        await using (await _file.OpenAsync())
        {
        }

        _file.Execute("PRAGMA application_id = 17; CREATE TABLE theirs (x)");

        var fault = await SqliteFile.FaultAsync(() => _file.OpenAsync());

        Assert.Equal(StateFault.Corrupt, fault.Fault);
        Assert.Contains("not a state store of Nodepool", fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task File_OfANewerFormat_IsRefusedWithBothNumbers()
    {
        await using (await _file.OpenAsync())
        {
        }

        _file.Execute("PRAGMA user_version = 99");

        var fault = await SqliteFile.FaultAsync(() => _file.OpenAsync());

        Assert.Equal(StateFault.Corrupt, fault.Fault);
        Assert.Contains("has format 99, this program knows 1", fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task File_DamagedInTheMiddle_IsCorruptWhenItIsRead()
    {
        await using (var engine = await _file.OpenAsync())
        {
            for (var i = 0; i < 300; i++)
            {
                await engine.CommitAsync([new Write.Create($"/n/{i:D4}", new byte[300], CreateModes.Persistent)], Ct);
            }
        }

        using (var stream = new FileStream(_file.Path, FileMode.Open))
        {
            stream.Position = 4096;
            stream.Write(Enumerable.Repeat((byte)0xee, (int)stream.Length - 4096).ToArray());
        }

        var fault = await SqliteFile.FaultAsync(async () =>
        {
            await using var engine = await _file.OpenAsync();
            await engine.GetAsync("/n/0007", Ct);
        });

        Assert.Equal(StateFault.Corrupt, fault.Fault);
        Assert.Contains(_file.Path, fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Path_ThatIsADirectory_IsUnavailable()
    {
        Directory.CreateDirectory(_file.Path);

        var fault = await SqliteFile.FaultAsync(() => _file.OpenAsync());

        Assert.Equal(StateFault.Unavailable, fault.Fault);
        Assert.Contains(_file.Path + " is a directory", fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Directory_ThatIsAFile_IsAClearFault()
    {
        File.WriteAllText(Path.GetDirectoryName(_file.Path)!, "");

        var fault = await SqliteFile.FaultAsync(() => _file.OpenAsync());

        Assert.Equal(StateFault.Unavailable, fault.Fault);
        Assert.Contains(_file.Path + " is not there, as far as this user can see, and cannot be made", fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Commit_WhileAnotherHoldsTheStore_IsUnavailableAndWorksLater()
    {
        await using var engine = await _file.OpenAsync(tuning => tuning with { BusyLimit = TimeSpan.FromMilliseconds(30) });
        using (var blocker = _file.Connect())
        {
            blocker.Execute("BEGIN IMMEDIATE");

            var fault = await SqliteFile.FaultAsync(async () => await engine.CommitAsync([Create("/a")], Ct));

            Assert.Equal(StateFault.Unavailable, fault.Fault);
            Assert.Contains("locked by another process", fault.Message, StringComparison.Ordinal);
        }

        await engine.CommitAsync([Create("/a")], Ct);
        Assert.NotNull(await engine.GetAsync("/a", Ct));
    }

    [Fact]
    public async Task Commit_ThatDoesNotFit_IsNoSpaceAndTheOthersGoOn()
    {
        await using var engine = await _file.OpenAsync(tuning => tuning with { MostPages = 60 });
        await engine.CommitAsync([Create("/n"), new Write.Create("/ballast", new byte[100_000], CreateModes.Persistent)], Ct);
        Task<CommitResult> large;
        List<Task<CommitResult>> small;
        using (var blocker = _file.Connect())
        {
            // While the writer waits, all of these gather and go into one transaction.
            blocker.Execute("BEGIN IMMEDIATE");
            var before = engine.CommitAsync([Create("/n/before")], Ct).AsTask();
            small = [.. Enumerable.Range(0, 5).Select(i => engine.CommitAsync([Create($"/n/{i}")], Ct).AsTask())];
            large = engine.CommitAsync([new Write.Create("/large", new byte[400_000], CreateModes.Persistent)], Ct).AsTask();
            small.Add(engine.CommitAsync([Create("/n/5")], Ct).AsTask());
            blocker.Execute("COMMIT");
            await before;
        }

        var fault = await SqliteFile.FaultAsync(() => large);

        Assert.Equal(StateFault.NoSpace, fault.Fault);
        Assert.Contains($"{_file.Path} is full; nothing was stored. Make room", fault.Message, StringComparison.Ordinal);
        await Task.WhenAll(small);
        Assert.Equal(7, (await engine.ListAsync("/n", Ct)).Count);
        Assert.Null(await engine.GetAsync("/large", Ct));
        await engine.CommitAsync([new Write.Delete("/ballast", 0)], Ct);
        await engine.CommitAsync([new Write.Create("/again", new byte[90_000], CreateModes.Persistent)], Ct);
    }

    [Theory]
    [InlineData(13, StateFault.NoSpace, "Make room")]
    [InlineData(8, StateFault.ReadOnly, "remount")]
    [InlineData(8 | (4 << 8), StateFault.ReadOnly, "remount")]
    [InlineData(11, StateFault.Corrupt, "Restore")]
    [InlineData(26, StateFault.Corrupt, "Restore")]
    [InlineData(5, StateFault.Unavailable, "locked by another process")]
    [InlineData(14, StateFault.Unavailable, "check that its directory exists")]
    [InlineData(10 | (3 << 8), StateFault.Unavailable, "kernel's log")]
    public void Code_OfSqlite_BecomesAFaultWithItsRemedy(int code, StateFault fault, string remedy)
    {
        var exception = SqliteFault.Of(code, "words", "/some/where/state.db");

        Assert.Equal(fault, exception.Fault);
        Assert.Contains("/some/where/state.db", exception.Message, StringComparison.Ordinal);
        Assert.Contains(remedy, exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Exceptions_OfTheFileSystem_BecomeFaults()
    {
        Assert.Equal(StateFault.NoSpace, SqliteFault.Of(new IOException("full", 28), "/s").Fault);
        Assert.Equal(StateFault.ReadOnly, SqliteFault.Of(new IOException("ro", 30), "/s").Fault);
        Assert.Equal(StateFault.ReadOnly, SqliteFault.Of(new UnauthorizedAccessException(), "/s").Fault);
        Assert.Equal(StateFault.Unavailable, SqliteFault.Of(new DirectoryNotFoundException(), "/s").Fault);
    }

    private static Write.Create Create(string path) => new(path, default, CreateModes.Persistent);
}
