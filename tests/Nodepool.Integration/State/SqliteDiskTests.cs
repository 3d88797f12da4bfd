using Nodepool.Core.State;
using Nodepool.State.Sqlite;
using Nodepool.Testing.State;

namespace Nodepool.Integration.State;

/// <summary>Disks that are full or cannot be written.</summary>
public sealed class SqliteDiskTests
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Commits_OnAFullDisk_FailClearlyAndGoOnWhenThereIsRoom()
    {
        using var disk = SmallDisk.Mount(megabytes: 4);
        await using var engine = await StateDirectory.OpenAsync(disk.Store);
        await engine.CommitAsync([Create("/small", 100)], Ct);
        var lease = await engine.TryLockAsync("/l", LockOptions.Immediate, Ct);
        disk.Fill();

        var fault = await FillAsync(engine);

        Assert.Equal(StateFault.NoSpace, fault.Fault);
        Assert.Contains($"The disk below the state store {disk.Store} is full; nothing was stored. Make room", fault.Message, StringComparison.Ordinal);
        Assert.Equal(100, (await engine.GetAsync("/small", Ct))!.Data.Length);
        await lease!.DisposeAsync();
        Assert.Single(await engine.ListAsync("/l", Ct));

        disk.MakeRoom();

        await using var probe = new WatchProbe(engine, "/l", Ct);
        await probe.UntilAsync(seen => !seen.ContainsKey(lease.Path));
        await engine.CommitAsync([Create("/after", 50_000)], Ct);
        Assert.Equal(50_000, (await engine.GetAsync("/after", Ct))!.Data.Length);
    }

    [Fact]
    public async Task Store_ThatCannotBeMadeForLackOfRoom_SaysSo()
    {
        using var disk = SmallDisk.Mount(megabytes: 1);
        Directory.CreateDirectory(Path.GetDirectoryName(disk.Store)!);
        disk.Fill();

        var fault = await Assert.ThrowsAsync<StateException>(() => StateDirectory.OpenAsync(disk.Store));

        Assert.Equal(StateFault.NoSpace, fault.Fault);
        Assert.Contains(disk.Store, fault.Message, StringComparison.Ordinal);
        disk.MakeRoom();
        await using var engine = await StateDirectory.OpenAsync(disk.Store);
        await engine.CommitAsync([Create("/a", 1)], Ct);
    }

    [Fact]
    public async Task Store_OnAReadOnlyDisk_CanBeRead()
    {
        using var disk = SmallDisk.Mount(megabytes: 4);
        await using (var engine = await StateDirectory.OpenAsync(disk.Store))
        {
            await engine.CommitAsync([Create("/a/b", 5)], Ct);
        }

        disk.MakeReadOnly();
        await using var reader = await StateDirectory.OpenAsync(disk.Store);

        Assert.Equal(5, (await reader.GetAsync("/a/b", Ct))!.Data.Length);
        Assert.Equal(["b"], await reader.ListAsync("/a", Ct));
        var fault = await Assert.ThrowsAsync<StateException>(async () => await reader.CommitAsync([Create("/c", 1)], Ct));
        Assert.Equal(StateFault.ReadOnly, fault.Fault);
        Assert.Contains(disk.Store, fault.Message, StringComparison.Ordinal);
        fault = await Assert.ThrowsAsync<StateException>(async () => await reader.TryLockAsync("/l", LockOptions.Immediate, Ct));
        Assert.Equal(StateFault.ReadOnly, fault.Fault);
        await using var probe = new WatchProbe(reader, "/a", Ct);
        await probe.UntilAsync(seen => seen.ContainsKey("/a/b"));
    }

    [Fact]
    public async Task Store_OnADiskThatBecomesReadOnlyWithoutBeingClosed_DoesNotPretend()
    {
        using var disk = SmallDisk.Mount(megabytes: 4);
        using (var worker = new WorkerProcess("hold", disk.Store, "/l"))
        {
            Assert.StartsWith("held ", await worker.HearAsync(), StringComparison.Ordinal);
            await worker.KillAsync();
        }

        disk.MakeReadOnly();

        try
        {
            // Whether SQLite can read a journal without writing depends on the files it finds; it must not leave it out.
            await using var engine = await StateDirectory.OpenAsync(disk.Store);
            Assert.Single(await engine.ListAsync("/l", Ct));
        }
        catch (StateException e)
        {
            Assert.Equal(StateFault.ReadOnly, e.Fault);
            Assert.Contains("make its directory writable and open it once", e.Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task Directory_ThatCannotBeWritten_IsNamed()
    {
        using var disk = SmallDisk.Mount(megabytes: 1);
        disk.MakeReadOnly();

        var fault = await Assert.ThrowsAsync<StateException>(() => StateDirectory.OpenAsync(disk.Store));

        Assert.Equal(StateFault.ReadOnly, fault.Fault);
        Assert.Contains("is not there, as far as this user can see, and cannot be made", fault.Message, StringComparison.Ordinal);
    }

    private static async Task<StateException> FillAsync(SqliteEngine engine)
    {
        for (var i = 0; i < 1000; i++)
        {
            try
            {
                await engine.CommitAsync([Create($"/fill/{i}", 50_000)], Ct);
            }
            catch (StateException e)
            {
                return e;
            }
        }

        throw new InvalidOperationException("The disk does not become full.");
    }

    private static Write.Create Create(string path, int size) => new(path, new byte[size], CreateModes.Persistent);
}
