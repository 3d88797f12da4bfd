using System.Diagnostics;
using System.Globalization;
using System.Text;
using Nodepool.Core.State;
using Nodepool.State.Sqlite;
using Nodepool.Testing.State;

namespace Nodepool.Integration.State;

/// <summary>Several real processes on one store, some of them killed.</summary>
public sealed class SqliteProcessTests : IDisposable
{
    private const int Accounts = 8;
    private const int Deposit = 1000;

    private readonly StateDirectory _state = new();

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public void Dispose() => _state.Dispose();

    [Fact]
    public async Task Watch_OfAnotherProcess_ShowsWhatItCommits()
    {
        const int Ticks = 500;
        await using var engine = await _state.OpenAsync();
        await engine.CommitAsync([Create("/clock", "0")], Ct);
        using var worker = new WorkerProcess("tick", _state.Store, "/clock", Text(Ticks));
        await worker.HearAsync("ready");
        var latencies = new List<double>();
        await using var probe = new WatchProbe(engine, "/", Ct)
        {
            EachBatch = seen =>
            {
                if (seen.TryGetValue("/clock", out var clock) && Value(clock) is > 0 and var then)
                {
                    latencies.Add((Stopwatch.GetTimestamp() - then) * 1000.0 / Stopwatch.Frequency);
                }
            },
        };
        await probe.ReachAsync(0);

        await worker.TellAsync();

        await probe.UntilAsync(seen => seen["/clock"].Version == Ticks);
        await worker.HearAsync("done");
        latencies.Sort();
        TestContext.Current.TestOutputHelper!.WriteLine(
            $"{latencies.Count} batches of {Ticks} commits: p50 {latencies[latencies.Count / 2]:F2} ms, "
            + $"p99 {latencies[latencies.Count * 99 / 100]:F2} ms, max {latencies[^1]:F2} ms");
    }

    [Fact]
    public async Task Kill_OfAProcess_FreesItsLocksAndEphemerals_ThoughItsChildLives()
    {
        await using var engine = await _state.OpenAsync();
        using var worker = new WorkerProcess("hold", _state.Store, "/l");
        var held = await worker.HearAsync();
        Assert.StartsWith("held ", held, StringComparison.Ordinal);
        using var child = Process.GetProcessById(int.Parse(held![5..], CultureInfo.InvariantCulture));
        Assert.Null(await engine.TryLockAsync("/l", LockOptions.Immediate, Ct));
        var waiting = engine.TryLockAsync("/l", new LockOptions(Wait: Timeout.InfiniteTimeSpan), Ct).AsTask();
        await using var probe = new WatchProbe(engine, "/", Ct);
        await probe.UntilAsync(seen => seen.ContainsKey("/alive/0000000000") && seen.Keys.Count(path => path.StartsWith("/l/", StringComparison.Ordinal)) == 2);

        var since = Stopwatch.GetTimestamp();
        await worker.KillAsync();

        await using var lease = await waiting.WaitAsync(TimeSpan.FromSeconds(60), Ct);
        TestContext.Current.TestOutputHelper!.WriteLine($"lock taken over {Stopwatch.GetElapsedTime(since).TotalMilliseconds:F1} ms after the kill");
        Assert.NotNull(lease);
        await probe.UntilAsync(seen => !seen.ContainsKey("/alive/0000000000"));
        Assert.False(child.HasExited);
        child.Kill();
    }

    [Fact]
    public async Task Session_OfAKilledProcess_IsDeadThoughItsPidIsTakenAgain()
    {
        using var worker = new WorkerProcess("hold", _state.Store, "/l");
        var held = await worker.HearAsync();
        using var living = Process.GetProcessById(int.Parse(held![5..], CultureInfo.InvariantCulture));
        await worker.KillAsync();
        var file = Directory.GetFiles(_state.Store + "-sessions").Single(path => char.IsAsciiDigit(Path.GetFileName(path)[0]));
        await File.WriteAllTextAsync(file, $"pid {living.Id}\n", Ct);
        using (var database = Database.Open(_state.Store, DatabaseAccess.ReadWrite, TimeSpan.FromSeconds(5)))
        {
            database.Execute($"UPDATE session SET pid = {living.Id}");
        }

        await using var engine = await _state.OpenAsync();

        Assert.False(living.HasExited);
        Assert.Empty(await engine.ListAsync("/alive", Ct));
        await using var lease = await engine.TryLockAsync("/l", LockOptions.Immediate, Ct);
        Assert.NotNull(lease);
        Assert.False(File.Exists(file));
        living.Kill();
    }

    [Fact]
    public async Task Counter_RaisedByThreeProcesses_LosesNothing()
    {
        const int Each = 1200;
        await using var engine = await _state.OpenAsync();
        await engine.CommitAsync([Create("/count", "0"), Create("/raised", "")], Ct);
        var workers = Enumerable.Range(0, 3).Select(_ => new WorkerProcess("raise", _state.Store, "/count", Text(Each))).ToList();
        var wentBack = 0;
        var last = 0L;
        await using var probe = new WatchProbe(engine, "/", Ct)
        {
            // Each commit raises the counter and adds an entry: whoever sees one without the other saw half a commit.
            EachBatch = seen =>
            {
                var now = seen.TryGetValue("/count", out var count) ? Value(count) : 0;
                wentBack += now < last || now != seen.Keys.Count(path => path.StartsWith("/raised/", StringComparison.Ordinal)) ? 1 : 0;
                last = now;
            },
        };
        foreach (var worker in workers)
        {
            await worker.HearAsync("ready");
        }

        await Task.WhenAll(workers.Select(worker => worker.TellAsync()));
        await Task.WhenAll(workers.Select(worker => worker.HearAsync("done")));

        await probe.UntilAsync(seen => Value(seen["/count"]) == 3 * Each);
        workers.ForEach(worker => worker.Dispose());
        Assert.Equal(0, wentBack);
        Assert.Equal(3 * Each, (await engine.GetAsync("/count", Ct))!.Version);
        var values = new HashSet<long>();
        foreach (var name in await engine.ListAsync("/raised", Ct))
        {
            Assert.True(values.Add(Value((await engine.GetAsync("/raised/" + name, Ct))!)));
        }

        Assert.Equal(3 * Each, values.Count);
    }

    [Fact]
    public async Task Kill_InTheMiddleOfCommits_LeavesEachWholeOrAbsent()
    {
        var random = new Random(4711);
        await using (var engine = await _state.OpenAsync())
        {
            await engine.CommitAsync([.. Enumerable.Range(0, Accounts).Select(i => Create($"/bank/{i}", Text(Deposit))), Create("/log", "")], Ct);
        }

        for (var round = 0; round < 12; round++)
        {
            var answered = new List<string>();
            using (var one = new WorkerProcess("move", _state.Store, "/bank"))
            using (var other = new WorkerProcess("move", _state.Store, "/bank"))
            {
                await other.HearAsync();
                for (var commits = random.Next(1, 150); commits > 0; commits--)
                {
                    answered.Add((await one.HearAsync())!);
                }

                await Task.WhenAll(one.KillAsync(), other.KillAsync());
                answered.AddRange(await RestAsync(one));
            }

            await CheckBankAsync(answered);
        }
    }

    private async Task CheckBankAsync(List<string> answered)
    {
        await using var engine = await _state.OpenAsync();
        var sum = 0L;
        var versions = 0;
        for (var i = 0; i < Accounts; i++)
        {
            var account = await engine.GetAsync($"/bank/{i}", Ct);
            sum += Value(account!);
            versions += account!.Version;
        }

        var log = await engine.ListAsync("/log", Ct);
        Assert.Equal(Accounts * Deposit, sum);
        Assert.Equal(2 * log.Count, versions);
        Assert.Subset(log.Select(name => "/log/" + name).ToHashSet(), answered.ToHashSet());
        using var database = Database.Open(_state.Store, DatabaseAccess.ReadWrite, TimeSpan.FromSeconds(5));
        Assert.Equal("ok", database.QueryText("PRAGMA integrity_check"));
        Assert.Equal(0, database.QueryInt64("""
            SELECT count(*) FROM entry p WHERE p.children <> (SELECT count(*) FROM entry e
              WHERE e.parent = CASE p.parent WHEN '' THEN '/' WHEN '/' THEN '/' || p.name ELSE p.parent || '/' || p.name END)
            """));
    }

    /// <summary>What it said before it died. The last line may be half a line.</summary>
    private static async Task<List<string>> RestAsync(WorkerProcess worker)
    {
        var lines = new List<string>();
        while (await worker.HearAsync() is { } line)
        {
            lines.Add(line);
        }

        return [.. lines.Where(line => line.Length == "/log/0000000000".Length)];
    }

    private static Write.Create Create(string path, string data) => new(path, Encoding.ASCII.GetBytes(data), CreateModes.Persistent);

    private static long Value(Entry entry) => long.Parse(entry.Data.Span, CultureInfo.InvariantCulture);

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);
}
