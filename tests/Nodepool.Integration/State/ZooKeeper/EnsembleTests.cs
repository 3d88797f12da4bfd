using System.Globalization;
using System.Text;
using Microsoft.Extensions.Logging.Abstractions;
using Nodepool.Core;
using Nodepool.Core.State;
using Nodepool.State.ZooKeeper;
using Nodepool.State.ZooKeeper.Client;
using Nodepool.Testing.State;
using Nodepool.Testing.ZooKeeper;

namespace Nodepool.Integration.State.ZooKeeper;

/// <summary>Three servers, and what becomes of sessions when some of them go.</summary>
public sealed class EnsembleTests : IAsyncLifetime
{
    private readonly TestCertificates _certificates = new();
    private ZooKeeperServer[] _servers = [];

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => _servers = await ZooKeeperServer.StartEnsembleAsync(_certificates, Ct);

    public async ValueTask DisposeAsync()
    {
        foreach (var server in _servers)
        {
            await server.DisposeAsync();
        }

        _certificates.Dispose();
    }

    [Fact]
    public async Task Leader_KilledUnderLoad_LosesNothingAndDoublesNothing()
    {
        await using var watcher = await OpenAsync();
        await using var probe = new WatchProbe(watcher, "/load", Ct);
        ZooKeeperEngine[] engines = [await OpenAsync(), await OpenAsync()];
        var lease = await engines[0].TryLockAsync("/load/lock", LockOptions.Immediate, Ct);
        await engines[0].CommitAsync([new Write.Create("/load/count", "0"u8.ToArray(), CreateModes.Persistent)], Ct);
        var done = 0;

        var load = Enumerable.Range(0, 20).Select(worker => LoadAsync(engines[worker % 2], worker, 25, () => Interlocked.Increment(ref done))).ToArray();
        while (Volatile.Read(ref done) < 150)
        {
            await Task.Delay(TimeSpan.FromMilliseconds(5), TimeProvider.System, Ct);
        }

        await (await LeaderAsync()).KillAsync();
        await Task.WhenAll(load).WaitAsync(TimeSpan.FromSeconds(90), Ct);

        Assert.False(lease!.Lost.IsCancellationRequested);
        Assert.All(engines, engine => Assert.False(engine.SessionEnded.IsCancellationRequested));
        var names = await engines[0].ListAsync("/load/requests", Ct);
        var ids = new List<string>();
        foreach (var name in names)
        {
            ids.Add(await TextAsync(engines[0], $"/load/requests/{name}"));
        }

        Assert.Equal(500, ids.Count);
        Assert.Equal(500, ids.Distinct().Count());
        Assert.Equal("500", await TextAsync(engines[1], "/load/count"));
        await probe.UntilAsync(seen => seen.Keys.Count(path => path.StartsWith("/load/requests/", StringComparison.Ordinal)) == 500
            && seen.TryGetValue("/load/count", out var count) && Encoding.UTF8.GetString(count.Data.Span) == "500");
        foreach (var engine in engines)
        {
            await engine.DisposeAsync();
        }
    }

    [Fact]
    public async Task Quorum_GoneForLongerThanTheSession_EndsIt()
    {
        await using var engine = await OpenAsync(TimeSpan.FromSeconds(3));
        var lease = await engine.TryLockAsync("/l", LockOptions.Immediate, Ct);
        var ended = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var registration = lease!.Lost.Register(ended.SetResult);

        await Task.WhenAll(_servers[0].KillAsync(), _servers[1].KillAsync());

        await ended.Task.WaitAsync(TimeSpan.FromSeconds(30), Ct);
        Assert.True(engine.SessionEnded.IsCancellationRequested);
        Assert.Equal(
            StateFault.SessionEnded,
            (await Assert.ThrowsAsync<StateException>(async () => await engine.CommitAsync([new Write.Check(lease.Path, Write.AnyVersion)], Ct))).Fault);
    }

    /// <summary>Every server in turn is killed and started again: the session and its lock stay.</summary>
    [Fact]
    public async Task Servers_RestartedOneByOneUnderTls_KeepTheSession()
    {
        var files = new TlsFiles(_certificates.ClientCertificate, _certificates.ClientKey, _certificates.Authority, ChecksHostName: true);
        var settings = new ZooKeeperSettings(string.Join(',', _servers.Select(server => server.SecureAddress)) + "/rolling") { Tls = files };
        await using var engine = await ZooKeeperEngine.OpenAsync(settings, SystemSources.Create(), NullLogger.Instance, Ct);
        await using var probe = new WatchProbe(engine, "/w", Ct);
        await using var lease = await engine.TryLockAsync("/w/lock", LockOptions.Immediate, Ct);

        for (var i = 0; i < _servers.Length; i++)
        {
            await _servers[i].KillAsync();
            await SettleAsync(engine, new Write.Create($"/w/{i}", default, CreateModes.Persistent));
            await _servers[i].StartAgainAsync(Ct);
        }

        await probe.UntilAsync(seen => seen.ContainsKey("/w/0") && seen.ContainsKey("/w/1") && seen.ContainsKey("/w/2"));
        Assert.False(lease!.Lost.IsCancellationRequested);
        Assert.Equal([lease.Path], (await engine.ListAsync("/w/lock", Ct)).Select(name => "/w/lock/" + name));
    }

    private async Task<ZooKeeperEngine> OpenAsync(TimeSpan? timeout = null) => await ZooKeeperEngine.OpenAsync(
        new ZooKeeperSettings(string.Join(',', _servers.Select(server => server.Address))) { SessionTimeout = timeout ?? TimeSpan.FromSeconds(10) },
        SystemSources.Create(),
        NullLogger.Instance,
        Ct);

    private async Task<ZooKeeperServer> LeaderAsync()
    {
        foreach (var server in _servers)
        {
            if ((await server.AskAsync("srvr", Ct)).Contains("Mode: leader", StringComparison.Ordinal))
            {
                return server;
            }
        }

        throw new InvalidOperationException("The ensemble has no leader.");
    }

    private static async Task LoadAsync(ZooKeeperEngine engine, int worker, int requests, Action done)
    {
        for (var i = 0; i < requests; i++)
        {
            await AddAsync(engine, $"{worker}-{i}");
            await CountAsync(engine);
            done();
        }
    }

    /// <summary>Adds a request under a number of the store's choosing: after an unknown outcome its content tells whether it is there.</summary>
    private static async Task AddAsync(ZooKeeperEngine engine, string id)
    {
        while (true)
        {
            try
            {
                await engine.CommitAsync([new Write.Create("/load/requests/100-", Encoding.UTF8.GetBytes(id), CreateModes.Sequential)], Ct);
                return;
            }
            catch (StateException e) when (e.Fault is StateFault.OutcomeUnknown)
            {
                foreach (var name in await engine.ListAsync("/load/requests", Ct))
                {
                    if (await TextAsync(engine, $"/load/requests/{name}") == id)
                    {
                        return;
                    }
                }
            }
        }
    }

    /// <summary>Raises a counter that many raise, with the version that was read; a name in the same commit tells whether it was applied.</summary>
    private static async Task CountAsync(ZooKeeperEngine engine)
    {
        while (true)
        {
            var entry = await engine.GetAsync("/load/count", Ct);
            var next = int.Parse(entry!.Data.Span, CultureInfo.InvariantCulture) + 1;
            var mark = $"/load/marks/{next}";
            var mine = Encoding.UTF8.GetBytes(SystemSources.Create().Ids.NewId());
            try
            {
                await engine.CommitAsync(
                    [new Write.Set("/load/count", Encoding.UTF8.GetBytes($"{next}"), entry.Version), new Write.Create(mark, mine, CreateModes.Persistent)], Ct);
                return;
            }
            catch (StateException e) when (e.Fault is StateFault.OutcomeUnknown)
            {
                if ((await engine.GetAsync(mark, Ct))?.Data.Span.SequenceEqual(mine) == true)
                {
                    return;
                }
            }
            catch (StateException e) when (e.IsConflict)
            {
                // Somebody was quicker.
            }
        }
    }

    private static async Task SettleAsync(ZooKeeperEngine engine, Write.Create create)
    {
        try
        {
            await engine.CommitAsync([create], Ct);
        }
        catch (StateException e) when (e.Fault == StateFault.OutcomeUnknown)
        {
            if (await engine.GetAsync(create.Path, Ct) is null)
            {
                await SettleAsync(engine, create);
            }
        }
    }

    private static async Task<string> TextAsync(ZooKeeperEngine engine, string path) =>
        await engine.GetAsync(path, Ct) is { } entry ? Encoding.UTF8.GetString(entry.Data.Span) : "";
}
