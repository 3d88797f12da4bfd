using Microsoft.Extensions.Logging;
using Nodepool.Cli;
using Nodepool.Core.Reconciling;
using Nodepool.Core.State;
using Nodepool.Logging;
using Nodepool.Roles;
using Nodepool.Tests.Cli;

namespace Nodepool.Tests.Roles;

public sealed class RoleHostTests : IDisposable
{
    private readonly TestStore _store = new();
    private readonly StringWriter _say = new();
    private readonly StringWriter _log = new();
    private readonly StopSignal _stop = new();
    private readonly List<ScriptedRole> _roles = [];
    private CancellationTokenSource _ended = new();
    private int _opened;
    private int _closed;
    private int _served;

    public void Dispose()
    {
        _say.Dispose();
        _log.Dispose();
        _stop.Dispose();
        _ended.Dispose();
    }

    [Fact]
    public async Task Stop_WhileRolesRun_EndsThemInOrderAndSaysWhatStays()
    {
        Add("launcher", UntilCancelled);
        Add("web", UntilCancelled);
        var run = Host().RunAsync(_stop);
        Assert.All(_roles, role => Assert.Equal(1, role.Starts));

        _stop.Raise();

        Assert.Equal(0, await run);
        Assert.Equal(1, _closed);
        var lines = _say.ToString().Split('\n');
        Assert.Equal("stopping launcher, web: what they are doing is ended in order (Ctrl-C again ends at once)", lines[0]);
        Assert.Equal(["launcher has ended", "web has ended"], lines[1..3].Order());
        Assert.Equal("goodbye", lines[3]);
    }

    [Fact]
    public async Task Serving_IsToldOnce_AlsoWhenTheSessionEnds()
    {
        Add("launcher", UntilCancelled);
        var run = Host().RunAsync(_stop);
        Assert.Equal(1, _served);

        await _ended.CancelAsync();
        await UntilAsync(() => _opened == 2 && _roles[0].Starts == 2, TimeSpan.FromSeconds(1));
        _stop.Raise();

        await run;
        Assert.Equal(1, _served);
    }

    [Fact]
    public async Task Stop_ASecondTime_EndsAtOnce()
    {
        Add("launcher", _ => new TaskCompletionSource().Task);
        var run = Host().RunAsync(_stop);

        _stop.Raise();
        Assert.False(run.IsCompleted);
        _stop.Raise();

        Assert.Equal(ExitStatus.Interrupted, await run);
        Assert.Equal(0, _closed);
    }

    [Fact]
    public async Task Role_ThatFails_IsStartedAgainWithBackOffWhileOthersGoOn()
    {
        Add("web", UntilCancelled);
        Add("launcher", _ => throw new InvalidOperationException("boom"));
        var run = Host().RunAsync(_stop);

        Assert.Equal(1, _roles[1].Starts);
        _store.Time.Advance(TimeSpan.FromSeconds(0.5));
        Assert.Equal(2, _roles[1].Starts);
        _store.Time.Advance(TimeSpan.FromSeconds(0.5));
        Assert.Equal(2, _roles[1].Starts);
        _store.Time.Advance(TimeSpan.FromSeconds(0.5));
        Assert.Equal(3, _roles[1].Starts);
        Assert.Equal(1, _roles[0].Starts);

        // The same reason is told once, not with every try.
        Assert.Equal("ERROR launcher: launcher failed; it is started again in 00:00:00.5000000: InvalidOperationException: boom", Assert.Single(Logged()));
        _stop.Raise();
        Assert.Equal(0, await run);
    }

    [Fact]
    public async Task Role_ThatCannotStartBesideOthers_IsToldOnceAndTriedAgain()
    {
        Add("launcher", UntilCancelled);
        Add("web", _ => throw new RoleStartException("cannot listen on 127.0.0.1:8005"));
        var run = Host().RunAsync(_stop);
        _store.Time.Advance(TimeSpan.FromMinutes(10));
        _roles[1].Body = UntilCancelled;
        _store.Time.Advance(TimeSpan.FromMinutes(1));

        Assert.Equal(
            "ERROR web: web cannot start: cannot listen on 127.0.0.1:8005; it is tried again from time to time, the other roles go on", Assert.Single(Logged()));
        Assert.False(run.IsCompleted);
        _stop.Raise();
        Assert.Equal(0, await run);
        Assert.Contains("web has ended", _say.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Role_ThatCannotStartAlone_EndsTheProcess()
    {
        Add("web", _ => throw new RoleStartException("cannot listen on 127.0.0.1:8005"));

        Assert.Equal("cannot listen on 127.0.0.1:8005", (await Assert.ThrowsAsync<RoleStartException>(() => Host().RunAsync(_stop))).Message);
        Assert.Equal(1, _closed);
    }

    [Fact]
    public async Task Role_ThatReturnsEarly_IsStartedAgain()
    {
        Add("web", UntilCancelled);
        Add("launcher", _ => Task.CompletedTask);
        var run = Host().RunAsync(_stop);
        _store.Time.Advance(TimeSpan.FromSeconds(0.5));

        Assert.Equal(2, _roles[1].Starts);
        Assert.Equal("WARN  launcher: launcher has ended by itself; it is started again in 00:00:00.5000000", Assert.Single(Logged()));
        _stop.Raise();
        await run;
    }

    [Fact]
    public async Task Session_ThatEnds_IsFollowedByANewOne()
    {
        Add("launcher", UntilCancelled);
        var run = Host().RunAsync(_stop);
        var first = _ended;

        await first.CancelAsync();
        await UntilAsync(() => _roles[0].Starts == 2, passing: TimeSpan.FromSeconds(0.1));
        Assert.Equal(1, _closed);
        Assert.Equal(2, _roles[0].Starts);
        Assert.Equal("WARN  roles: the store's session has ended; a new one is opened and all roles start anew on it", Assert.Single(Logged()));
        _stop.Raise();
        Assert.Equal(0, await run);
        Assert.Equal(2, _closed);
    }

    [Fact]
    public async Task Store_ThatCannotBeOpenedAtFirst_EndsTheProcessButLaterIsTriedAgain()
    {
        Add("launcher", UntilCancelled);
        var fault = new StateException(StateFault.ReadOnly, "/x", "the store /x is read-only");
        await Assert.ThrowsAsync<StateException>(() => Host(_ => throw fault).RunAsync(_stop));

        var failing = false;
        var run = Host(ct => failing ? throw fault : OpenAsync(ct)).RunAsync(_stop);
        failing = true;
        await _ended.CancelAsync();
        await UntilAsync(() => Logged().Count == 2, passing: TimeSpan.FromSeconds(0.1));
        Assert.EndsWith("ERROR roles: the store cannot be opened: the store /x is read-only; it is tried again", Logged()[^1], StringComparison.Ordinal);
        failing = false;
        await UntilAsync(() => _opened == 2, passing: TimeSpan.FromSeconds(1));
        _stop.Raise();
        Assert.Equal(0, await run);
    }

    private static Task UntilCancelled(CancellationToken ct) => Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, ct);

    private void Add(string name, Func<CancellationToken, Task> body) => _roles.Add(new ScriptedRole(name) { Body = body });

    private RoleHost Host(Func<CancellationToken, Task<RoleSession>>? open = null) =>
        new(open ?? OpenAsync, _store.Sources, _say, new LogSettings(LogLevel.Information, false, false, false, false).Open(_log, _store.Time), () => _served++);

    private Task<RoleSession> OpenAsync(CancellationToken ct)
    {
        _opened++;
        _ended = new CancellationTokenSource();
        return Task.FromResult(new RoleSession(
            _roles,
            () => "goodbye",
            () =>
            {
                _closed++;
                return ValueTask.CompletedTask;
            },
            _ended.Token));
    }

    /// <summary>Cancellation goes on in other threads: what follows from it comes in an instant, but not before the call returns.</summary>
    private async Task UntilAsync(Func<bool> isSo, TimeSpan passing)
    {
        for (var turn = 0; !isSo(); turn++)
        {
            Assert.True(turn < 100_000, "it never came");
            await Task.Yield();
            _store.Time.Advance(passing);
        }
    }

    private List<string> Logged()
    {
        lock (_log)
        {
            return Lines();
        }
    }

    private List<string> Lines() => [.. _log.ToString().Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => line["00:00:00.000 ".Length..])];

    private sealed class ScriptedRole(string name) : IRole
    {
        public string Name => name;

        public int Starts { get; private set; }

        public required Func<CancellationToken, Task> Body { get; set; }

        public Task RunAsync(CancellationToken ct)
        {
            Starts++;
            return Body(ct);
        }
    }
}
