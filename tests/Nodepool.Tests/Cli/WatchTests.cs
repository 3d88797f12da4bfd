using Nodepool.Cli.Watching;
using Nodepool.Core.Model;

namespace Nodepool.Tests.Cli;

public sealed class WatchTests : IDisposable
{
    private readonly TestCli _cli = new();

    public WatchTests() => PutNode(NodeState.Building);

    public void Dispose() => _cli.Dispose();

    [Fact]
    public async Task Pipe_PrintsOnlyWhatIsNew()
    {
        var run = _cli.RunAsync("list --watch -o json --fields id,state");
        await UntilAsync(() => _cli.Out.Length > 0);
        await TicksAsync(20);
        PutNode(NodeState.Ready);
        await UntilAsync(() => _cli.Out.Contains("ready", StringComparison.Ordinal));
        await TicksAsync(20);
        _cli.Stop.Raise();

        Assert.Equal(0, await run);
        Assert.Equal("""[{"id":"0000000001","state":"building"}]""" + "\n" + """[{"id":"0000000001","state":"ready"}]""" + "\n", _cli.Out);
        Assert.Equal("", _cli.Error);
    }

    [Fact]
    public async Task Pipe_Tables_AreAnEmptyLineApart_AndYamlIsDocuments()
    {
        var tables = _cli.RunAsync("list --watch --fields id,state");
        await UntilAsync(() => _cli.Out.Length > 0);
        PutNode(NodeState.Ready);
        await UntilAsync(() => _cli.Out.Contains("ready", StringComparison.Ordinal));
        _cli.Stop.Raise();
        Assert.Equal(0, await tables);
        Assert.Contains("+\n\n+", _cli.Out, StringComparison.Ordinal);

        using var yaml = new TestCli();
        var documents = yaml.RunAsync("status --watch -o yaml");
        await UntilAsync(() => yaml.Out.Length > 0);
        yaml.Stop.Raise();
        Assert.Equal(0, await documents);
        Assert.StartsWith("---\nproblems:\n- ", yaml.Out, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Status_WhoseConfigurationIsBrokenAndRepaired_TellsOfBoth()
    {
        var run = _cli.RunAsync("status --watch -o json");
        await UntilAsync(() => Lines().Length == 1);
        _cli.Yaml = TestCli.Config + "\nnonsense: 1\n";
        await UntilAsync(() => Lines()[^1].Contains("nonsense", StringComparison.Ordinal));
        _cli.Yaml = TestCli.Config;
        await UntilAsync(() => !Lines()[^1].Contains("nonsense", StringComparison.Ordinal));
        _cli.Stop.Raise();

        Assert.Equal(0, await run);
        Assert.DoesNotContain("nonsense", Lines()[0], StringComparison.Ordinal);

        string[] Lines() => _cli.Out.Split('\n', StringSplitOptions.RemoveEmptyEntries);
    }

    [Fact]
    public async Task Terminal_IsDrawnOverAndRestored()
    {
        _cli.IsTerminal = true;
        var run = _cli.RunAsync("list --watch");
        await UntilAsync(() => _cli.Out.Contains("00:00:00:10", StringComparison.Ordinal));
        await UntilAsync(() => _cli.Out.Contains("00:00:00:12", StringComparison.Ordinal));
        PutNode(NodeState.Ready);
        await UntilAsync(() => _cli.Out.Contains("\e[32mready\e[0m", StringComparison.Ordinal));
        _cli.Stop.Raise();

        Assert.Equal(0, await run);
        Assert.StartsWith("\e[?1049h\e[?25l\e[?7l\e[H", _cli.Out, StringComparison.Ordinal);
        Assert.EndsWith("\e[J\e[?7h\e[?25h\e[?1049l", _cli.Out, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Terminal_WithFewRows_CountsWhatDoesNotFit()
    {
        _cli.IsTerminal = true;
        _cli.TerminalSize = (40, 6);
        var run = _cli.RunAsync("list --watch --no-color");
        await UntilAsync(() => _cli.Out.Contains("2 more lines do not fit", StringComparison.Ordinal));
        Assert.Equal(5, Frames()[^1].Count(c => c == '\n'));

        _cli.TerminalSize = (40, 20);
        _cli.Terminal!(TerminalEvent.Resized);
        await UntilAsync(() => !Frames()[^1].Contains("do not fit", StringComparison.Ordinal));
        _cli.Stop.Raise();
        await run;
    }

    [Fact]
    public async Task Terminal_GivenToTheShell_IsLeftAloneUntilItComesBack()
    {
        _cli.IsTerminal = true;
        var run = _cli.RunAsync("list --watch");
        await UntilAsync(() => _cli.Out.Contains("building", StringComparison.Ordinal));

        _cli.Terminal!(TerminalEvent.Suspending);
        await TicksAsync(8);
        Assert.EndsWith("\e[?7h\e[?25h\e[?1049l", _cli.Out, StringComparison.Ordinal);

        _cli.Terminal!(TerminalEvent.Resumed);
        var frames = Frames().Length;
        await UntilAsync(() => Frames().Length > frames);
        _cli.Stop.Raise();
        await run;
    }

    [Fact]
    public async Task DumbTerminal_IsPrintedOnLikeAPipe()
    {
        (_cli.IsTerminal, _cli.IsDumb) = (true, true);
        var run = _cli.RunAsync("list --watch --no-color");
        await UntilAsync(() => _cli.Out.Length > 0);
        _cli.Stop.Raise();

        Assert.Equal(0, await run);
        Assert.DoesNotContain('\e', _cli.Out);
    }

    [Fact]
    public async Task Csv_CannotBeWatched()
    {
        Assert.Equal(2, await _cli.RunAsync("list --watch -o csv"));
        Assert.StartsWith("nodepool: --watch goes with -o table, wide, json and yaml", _cli.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task UnknownField_EndsItWithTheTerminalRestored()
    {
        _cli.IsTerminal = true;

        Assert.Equal(2, await _cli.RunAsync("list --watch --fields nonsense"));
        Assert.EndsWith("\e[?1049l", _cli.Out, StringComparison.Ordinal);
        Assert.StartsWith("nodepool: there is no field 'nonsense'", _cli.Error, StringComparison.Ordinal);
    }

    private string[] Frames() => _cli.Out.Split("\e[H");

    private void PutNode(NodeState state) => _cli.Store.Put("0000000001", new NodeRecord { State = state, StateTime = 990, Type = ["debian"], Provider = "cloud" });

    /// <summary>Lets so many steps of a quarter of a second pass.</summary>
    private async Task TicksAsync(int count)
    {
        for (var i = 0; i < count; i++)
        {
            await Task.Yield();
            _cli.Store.Time.Advance(TimeSpan.FromMilliseconds(250));
        }
    }

    private async Task UntilAsync(Func<bool> condition)
    {
        for (var i = 0; !condition(); i++)
        {
            Assert.True(i < 100_000, "it does not happen; printed was " + _cli.Out);
            await Task.Yield();
            _cli.Store.Time.Advance(TimeSpan.FromMilliseconds(1));
        }
    }
}
