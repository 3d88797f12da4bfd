using Nodepool.Core.Model;

namespace Nodepool.Tests.Cli;

public sealed class DrainVerbTests : IDisposable
{
    private const string Node = "0000000001";

    private readonly TestCli _cli = new();

    public DrainVerbTests() => _cli.Store.Put(Node, new NodeRecord { State = NodeState.Hold, StateTime = 1, Provider = "cloud", Pool = "main", Type = ["debian"], Comment = "look" });

    public void Dispose() => _cli.Dispose();

    [Fact]
    public async Task Watch_UntilItIsEmpty_EndsWell()
    {
        var run = _cli.RunAsync("drain cloud --watch");
        await ToldAsync("1 node is left: 1 hold");
        Assert.Equal("me@here", _cli.Store.View().Drains["cloud"].By);
        _cli.Store.Delete(NodepoolPaths.Node(Node));

        Assert.Equal(0, await run);
        Assert.Equal(
            "    0 s  no launcher runs provider cloud: its nodes stay until one does\n    0 s  node 0000000001 is held (look): nodepool return 0000000001\n    0 s  1 node is left: 1 hold\n",
            _cli.Error);
        Assert.Equal("provider cloud is empty\n", _cli.Out);
    }

    [Fact]
    public async Task Watch_TimeIsUp_SaysWhatIsLeft()
    {
        var run = _cli.RunAsync("drain cloud --watch --timeout 2.5");
        await ToldAsync("1 node is left");
        _cli.Store.Time.Advance(TimeSpan.FromSeconds(2.5));

        Assert.Equal(1, await run);
        Assert.EndsWith("nodepool: provider cloud is not empty yet, and goes on being drained; 1 node is left: 1 hold\n", _cli.Error, StringComparison.Ordinal);
        Assert.True(_cli.Store.View().IsDrained("cloud"));
    }

    [Fact]
    public async Task Watch_CtrlC_EndsTheWatchingAlone()
    {
        var run = _cli.RunAsync("drain cloud --watch");
        await ToldAsync("1 node is left");
        _cli.Stop.Raise();

        Assert.Equal(130, await run);
        Assert.True(_cli.Store.View().IsDrained("cloud"));
    }

    [Fact]
    public async Task Watch_TakenBackBySomebody_Ends()
    {
        var run = _cli.RunAsync("drain cloud --watch");
        await ToldAsync("1 node is left");
        _cli.Store.Delete(NodepoolPaths.Drain("cloud"));

        Assert.Equal(1, await run);
        Assert.EndsWith("nodepool: somebody has taken the drain of provider cloud back; 1 node is left: 1 hold\n", _cli.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Again_WithAReason_KeepsTheTime()
    {
        Assert.Equal(0, await _cli.RunAsync("drain cloud"));
        _cli.Store.Time.Advance(TimeSpan.FromHours(1));
        Assert.Equal(0, await _cli.RunAsync("drain cloud --reason moves"));
        Assert.Equal(0, await _cli.RunAsync("drain cloud"));

        var drain = _cli.Store.View().Drains["cloud"];
        Assert.Equal((TestStore.Now, "moves"), (drain.Since, drain.Reason));
    }

    [Fact]
    public async Task Erase_TakesTheMarkAlong()
    {
        Assert.Equal(0, await _cli.RunAsync("drain cloud"));
        Assert.Equal(0, await _cli.RunAsync("erase cloud --force"));

        Assert.Empty(_cli.Store.View().Drains);
    }

    /// <summary>Messages of a command that runs beside the test: what it sees is in memory, so it comes in an instant or never.</summary>
    private async Task ToldAsync(string text)
    {
        for (var turn = 0; !_cli.Error.Contains(text, StringComparison.Ordinal); turn++)
        {
            Assert.True(turn < 100_000, $"never said: {text}\n{_cli.Error}");
            await Task.Yield();
        }
    }
}
