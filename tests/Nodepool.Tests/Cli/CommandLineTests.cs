using System.Text.Json.Nodes;
using Nodepool.Cli;
using Nodepool.Core.Launching;
using Nodepool.Core.Model;
using Nodepool.Core.State;

namespace Nodepool.Tests.Cli;

public sealed class CommandLineTests : IDisposable
{
    private readonly TestCli _cli = new();

    public void Dispose() => _cli.Dispose();

    [Fact]
    public async Task Version_Alone_IsShownAsAlways()
    {
        Assert.Equal(0, await _cli.RunAsync("--version"));
        Assert.Matches("^Nodepool version: [0-9]+\\.[0-9]+\\.[0-9]+\n$", _cli.Out);
    }

    [Fact]
    public async Task NoCommand_ShowsHelpAsAUsageError()
    {
        Assert.Equal(2, await _cli.RunAsync());
        Assert.Contains("dib-image-list", _cli.Error, StringComparison.Ordinal);
        Assert.Equal("", _cli.Out);
    }

    [Fact]
    public async Task Help_OfACommand_GoesToStandardOutput()
    {
        Assert.Equal(0, await _cli.RunAsync("request --help"));
        Assert.Contains("--take", _cli.Out, StringComparison.Ordinal);
        Assert.Equal("", _cli.Error);
    }

    [Theory]
    [InlineData("lst", "nodepool: ")]
    [InlineData("list --detial", "nodepool: Unrecognized command or argument '--detial'; see nodepool list --help")]
    [InlineData("list -o xml", "nodepool: Argument 'xml' not recognized. Must be one of: 'table' 'wide' 'json' 'yaml' 'csv'; see nodepool list --help")]
    [InlineData("image-pause debian-12 -o csv", "nodepool: nodepool image-pause prints no list, so there is no -o csv; there are table, json, yaml")]
    [InlineData("up -o json", "nodepool: nodepool up has no other forms of output: leave -o json out")]
    [InlineData("list --state redy", "nodepool: there is no state 'redy' (did you mean 'ready'?); there are init, building, testing, ready, ")]
    [InlineData("request-list --state ready", "nodepool: there is no state 'ready'; there are requested, pending, fulfilled, failed; see nodepool request-list --help")]
    [InlineData("list --fields id,stat", "nodepool: there is no field 'stat' (did you mean 'state'?); there are id, provider, ")]
    [InlineData("return", "nodepool: ")]
    [InlineData("hold 1 --expires 0", "nodepool: --expires must be a number of seconds above 0")]
    [InlineData("hold 1 --expires soon", "nodepool: --expires must be a number of seconds above 0")]
    [InlineData("request", "nodepool: either labels or --take ID are needed; see nodepool request --help")]
    [InlineData("request debian --take 200-0000000001", "nodepool: either labels or --take ID are needed")]
    [InlineData("request debian --priority high", "nodepool: --priority must be a number from 0 to 999")]
    [InlineData("request debian --priority 1000", "nodepool: --priority must be a number from 0 to 999")]
    [InlineData("request --take ../nodes", "nodepool: --take needs the id of a request")]
    [InlineData("image-build a/b", "nodepool: 'a/b' cannot be a name: it is empty, has a slash or is a dot")]
    [InlineData("image-delete --image x --provider p", "nodepool: ")]
    [InlineData("dib-image-delete nodash", "nodepool: 'nodash' is no id of a build; nodepool dib-image-list shows them as IMAGE-BUILD")]
    public async Task WrongArguments_AreOneLineAndStatusTwo(string line, string expected)
    {
        Assert.Equal(ExitStatus.Usage, await _cli.RunAsync(line));
        Assert.StartsWith(expected, _cli.Error, StringComparison.Ordinal);
        Assert.Equal(1, _cli.Error.Count(c => c == '\n'));
        Assert.Equal("", _cli.Out);
    }

    [Theory]
    [InlineData("list", true)]
    [InlineData("list --no-color", false)]
    [InlineData("list -o yaml", false)]
    [InlineData("status", true)]
    [InlineData("status --no-color", false)]
    public async Task Colours_OnATerminal_AreThereUnlessTheyAreNotWanted(string line, bool expected)
    {
        _cli.IsTerminal = true;
        RichStore.Fill(_cli.Store);

        Assert.Equal(0, await _cli.RunAsync(line));
        Assert.Equal(expected, _cli.Out.Contains('\e', StringComparison.Ordinal));
    }

    [Fact]
    public async Task Word_ThatBeginsWithAt_IsNoFile()
    {
        _cli.Store.Put("0000000001", new NodeRecord { State = NodeState.Ready, StateTime = 990, Type = ["debian"], Provider = "cloud" });

        Assert.Equal(0, await _cli.RunAsync("hold 1 --reason @ann"));
        Assert.Equal("@ann", _cli.Store.Node("0000000001").Comment);
    }

    [Fact]
    public async Task Man_PrintsRoffThatNoTextBreaks()
    {
        Assert.Equal(0, await _cli.RunAsync("man hold"));

        Assert.StartsWith(".TH NODEPOOL-HOLD 1 ", _cli.Out, StringComparison.Ordinal);
        Assert.Contains("\nnodepool hold 42 \\-\\-reason \\(aqkernel panic\\(aq", _cli.Out, StringComparison.Ordinal);
        Assert.EndsWith(".BR nodepool (1)\n", _cli.Out, StringComparison.Ordinal);
        Assert.Equal(2, await _cli.RunAsync("man lst"));
        Assert.Equal("nodepool: there is no command 'lst' (did you mean 'list'?)\n", _cli.Error);
    }

    [Theory]
    [InlineData("nodepool-launcher", "launcher,web")]
    [InlineData("nodepoold", "launcher,web")]
    [InlineData("nodepool-builder", "builder")]
    public async Task OtherNames_StandForTheirRole(string name, string roles)
    {
        _cli.ProgramName = name;

        Assert.Equal(0, await _cli.RunAsync("-c /x.yaml -f"));

        var order = Assert.Single(_cli.Hosted);
        Assert.Equal(roles, string.Join(',', order.Names));
        Assert.Equal("/x.yaml", order.ConfigFile);
        Assert.Contains($"process {Environment.ProcessId}, configuration /x.yaml, state in /state", _cli.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("up", "builder,launcher,web")]
    [InlineData("launcher --no-webapp", "launcher")]
    [InlineData("web", "web")]
    public async Task RoleCommands_HostTheirRoles(string line, string roles)
    {
        Assert.Equal(0, await _cli.RunAsync(line));
        Assert.Equal(roles, string.Join(',', Assert.Single(_cli.Hosted).Names));
    }

    [Theory]
    [InlineData("-s /secure.yaml launcher")]
    [InlineData("launcher --secure /secure.yaml")]
    public async Task SecureFile_IsReadAndFollowedBeside(string line)
    {
        Assert.Equal(0, await _cli.RunAsync(line));

        var order = Assert.Single(_cli.Hosted);
        Assert.Equal(["-c", "/etc/nodepool/nodepool.yaml", "-s", "/secure.yaml"], order.Files.Options);
    }

    [Fact]
    public async Task ConfigValidate_ChecksTheSecureFile()
    {
        _cli.SecureYaml = "diskimages: [{name: nobody, env-vars: {A: hidden}}]";

        Assert.Equal(1, await _cli.RunAsync("-s /secure.yaml config-validate"));

        Assert.Contains("\n/secure.yaml:1:21: error: diskimages[0].name: /etc/nodepool/nodepool.yaml has no diskimage of this name\n", _cli.Out, StringComparison.Ordinal);
        Assert.DoesNotContain("hidden", _cli.Out, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("launcher", true, true)]
    [InlineData("launcher --no-launches", false, true)]
    [InlineData("up --no-deletes --no-webapp", true, false)]
    [InlineData("launcher --no-launches --no-deletes", false, false)]
    public async Task Launcher_Switches_ReachTheRole(string line, bool launches, bool deletes)
    {
        Assert.Equal(0, await _cli.RunAsync(line));

        var order = Assert.Single(_cli.Hosted);
        Assert.Equal(new LauncherOptions { Launches = launches, Deletes = deletes }, order.LauncherOptions);
        Assert.Equal(!line.Contains("--no-webapp", StringComparison.Ordinal), order.Names.Contains("web"));
    }

    [Fact]
    public async Task Launcher_OptionsOfTheOldBuiltInBuilder_AreAcceptedWithAWarning()
    {
        _cli.ProgramName = "nodepoold";

        Assert.Equal(0, await _cli.RunAsync("-f --no-builder --build-workers 3"));

        Assert.Contains("nodepool: warning: --no-builder does nothing here: images are built by nodepool-builder; leave it away\n", _cli.Error, StringComparison.Ordinal);
        Assert.Contains("warning: --build-workers does nothing here", _cli.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("--upload-workers", _cli.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("nodepool-launcher", "-c /x.yaml --no-webapp", "nodepool-launcher: launcher -c /x.yaml --no-webapp")]
    [InlineData("nodepool-builder", "--build-workers=2", "nodepool-builder: builder --build-workers 2")]
    [InlineData("nodepoold", "-f", null)]
    [InlineData("nodepoold", "-d", null)]
    [InlineData("nodepool", "launcher", null)]
    public async Task OldNames_WithoutASupervisor_GoToTheBackgroundUnlessToldNotTo(string name, string line, string? detached)
    {
        _cli.ProgramName = name;
        _cli.Detached = [];

        Assert.Equal(0, await _cli.RunAsync(line));

        Assert.Equal(detached is null ? [] : [detached], _cli.Detached);
        Assert.Equal(detached is null ? 1 : 0, _cli.Hosted.Count);
    }

    [Fact]
    public async Task CtrlC_InACommand_EndsItWith130()
    {
        _cli.Stop.Raise();

        Assert.Equal(130, await _cli.RunAsync("list"));
        Assert.Equal(("", "nodepool: interrupted\n"), (_cli.Out, _cli.Error));
    }

    [Fact]
    public async Task Role_WithABadConfiguration_DoesNotStart()
    {
        _cli.Yaml = "labels: 3";

        Assert.Equal(1, await _cli.RunAsync("up"));
        Assert.Empty(_cli.Hosted);
        Assert.StartsWith("nodepool: /etc/nodepool/nodepool.yaml:1:", _cli.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task List_AsTableAndAsJson_ShowsTheStore()
    {
        _cli.Store.Put("0000000001", new NodeRecord { State = NodeState.Ready, StateTime = 990, Type = ["debian"], Provider = "cloud" });

        Assert.Equal(0, await _cli.RunAsync("list"));
        Assert.Contains("| 0000000001 | cloud    | debian |", _cli.Out, StringComparison.Ordinal);
        Assert.DoesNotContain("Driver Data", _cli.Out, StringComparison.Ordinal);
        Assert.Equal(0, await _cli.RunAsync("list --detail"));
        Assert.Contains("Driver Data", _cli.Out, StringComparison.Ordinal);
        Assert.Equal("/state", _cli.Opened!.StateDir);

        using var json = new TestCli { Yaml = _cli.Yaml };
        json.Store.Put("0000000001", new NodeRecord { State = NodeState.Ready, StateTime = 990 });
        Assert.Equal(0, await json.RunAsync("list -o json"));
        Assert.Equal(990, (int)JsonNode.Parse(json.Out)![0]!["age"]!);
    }

    [Theory]
    [InlineData("request-list", "Request ID")]
    [InlineData("image-list", "Upload ID")]
    [InlineData("dib-image-list", "Formats")]
    [InlineData("image-status", "Build Request Age")]
    public async Task Lists_OfAnEmptyStore_HaveTheirHeads(string line, string head)
    {
        Assert.Equal(0, await _cli.RunAsync(line));
        Assert.Contains(head, _cli.Out, StringComparison.Ordinal);
    }

    [Fact]
    public async Task List_WithABrokenConfiguration_StillShowsTheStore()
    {
        _cli.Yaml = "labels: 3";

        Assert.Equal(0, await _cli.RunAsync("list"));
        Assert.Equal("/fallback", _cli.Opened!.StateDir);
    }

    [Fact]
    public async Task ConfigValidate_GoodAndBad_TellByStatus()
    {
        Assert.Equal(0, await _cli.RunAsync("config-validate"));
        Assert.EndsWith("is valid, 2 warnings\n", _cli.Out, StringComparison.Ordinal);

        _cli.Yaml = "labels:\n  - nam: x\n";
        Assert.Equal(1, await _cli.RunAsync("config-validate"));
        Assert.Contains("nodepool.yaml:2:", _cli.Out, StringComparison.Ordinal);
        Assert.Equal("", _cli.Error);
    }

    [Theory]
    [InlineData("config-validate -o json")]
    [InlineData("config-validate --format json")]
    public async Task ConfigValidate_AsJson_HasThePlaces(string line)
    {
        _cli.Yaml = "labels:\n  - nam: x\n";

        Assert.Equal(1, await _cli.RunAsync(line));

        var report = JsonNode.Parse(_cli.Out)!;
        Assert.False((bool)report["valid"]!);
        Assert.Equal(2, (int)report["problems"]![0]!["line"]!);
    }

    [Fact]
    public async Task Fault_OfTheStore_IsOneLineWithoutATrace()
    {
        _cli.OpenFault = new StateException(StateFault.Corrupt, "/state/state.db", "the store /state/state.db is damaged; move it away");

        Assert.Equal(1, await _cli.RunAsync("list"));
        Assert.Equal("nodepool: the store /state/state.db is damaged; move it away\n", _cli.Error);
    }

    [Fact]
    public async Task Fault_WhileDebugging_ShowsWhereItComesFrom()
    {
        _cli.OpenFault = new InvalidOperationException("surprise");

        Assert.Equal(1, await _cli.RunAsync("list --debug"));
        Assert.Contains("   at Nodepool.", _cli.Error, StringComparison.Ordinal);
        Assert.EndsWith("nodepool: InvalidOperationException: surprise\n", _cli.Error, StringComparison.Ordinal);
    }
}
