using System.Text.Json.Nodes;
using Nodepool.Core.Model;
using Nodepool.Core.Model.Json;

namespace Nodepool.Tests.Cli;

public sealed class RequestVerbTests : IDisposable
{
    private const string Id = "200-0000000000";
    private const string Line =
        "0000000005  ssh -p 2201 -i '/keys/of cloud' -o HostKeyAlias=np0000000005 -o StrictHostKeyChecking=accept-new root@127.0.0.1\n";

    private readonly TestCli _cli = new();

    public void Dispose() => _cli.Dispose();

    [Fact]
    public async Task Request_WithoutWait_PrintsTheIdAndStays()
    {
        Assert.Equal(0, await _cli.RunAsync("request debian other --priority 100 --no-reuse --requestor ci"));

        Assert.Equal("100-0000000000\n", _cli.Out);
        var entry = _cli.Store.Find(NodepoolPaths.Request("100-0000000000"))!;
        Assert.False(entry.IsEphemeral);
        var request = _cli.Store.Request("100-0000000000");
        Assert.Equal((false, "ci"), (request.Reuse, request.Requestor));
        Assert.Equal(["debian", "other"], request.NodeTypes);
    }

    [Fact]
    public async Task Request_OfAnUnknownLabel_IsRefusedAtOnce()
    {
        _cli.Store.Put("h0000000001", new ComponentRecord { Kind = "pool", Hostname = "h", Id = "1", SupportedLabels = ["foreign"] });

        Assert.Equal(1, await _cli.RunAsync("request debain"));
        Assert.Equal("nodepool: no label 'debain' in /etc/nodepool/nodepool.yaml nor in a running pool; there are debian, foreign, other\n", _cli.Error);
        Assert.Equal(0, await _cli.RunAsync("request foreign"));
    }

    [Fact]
    public async Task Wait_UntilFulfilled_TakesTheNodesAndPrintsHowToLogIn()
    {
        var run = _cli.RunAsync("request debian --wait");
        Assert.False(run.IsCompleted);
        Assert.True(_cli.Store.Find(NodepoolPaths.Request(Id))!.IsEphemeral);

        Fulfil();

        Assert.Equal(0, await run);
        Assert.Equal(Line, _cli.Out);
        Assert.Equal("    0 s  request 200-0000000000 waits for a launcher: none is running\nwhen you are done: nodepool return 0000000005\n", _cli.Error);
        Assert.Equal(NodeState.InUse, _cli.Store.Node("0000000005").State);
        Assert.Single(_cli.Store.Contenders("0000000005"));
        Assert.Null(_cli.Store.Find(NodepoolPaths.Request(Id)));
    }

    [Fact]
    public async Task Wait_AsJson_HasTheHostKeys()
    {
        var run = _cli.RunAsync("request debian --wait -o json");
        Fulfil();

        Assert.Equal(0, await run);
        var node = JsonNode.Parse(_cli.Out)!["nodes"]![0]!;
        Assert.Equal(("127.0.0.1", 2201, "ssh-ed25519 AAAA"), ((string)node["host"]!, (int)node["port"]!, (string)node["host_keys"]![0]!));
        Assert.Equal(["ssh", "-p", "2201"], node["login"]!.AsArray().Take(3).Select(word => (string)word!));
        Assert.Equal("np0000000005 ssh-ed25519 AAAA", (string)node["known_hosts"]![0]!);
    }

    [Fact]
    public async Task Wait_ProgressChanges_IsTold()
    {
        PutPool();
        var run = _cli.RunAsync("request debian --wait");
        await ToldAsync("waits for image debian-12, which is not built yet");
        _cli.Store.Put("debian-12", "b1", new ImageBuildRecord { State = ImageState.Failed, StateTime = 5, Failure = "mmdebstrap is missing" });
        await ToldAsync("waits for image debian-12, whose last build failed: mmdebstrap is missing");
        _cli.Store.Put("debian-12", "b1", "cloud", "0000000000", new ImageUploadRecord { State = ImageState.Ready, StateTime = 10 });
        await ToldAsync("waits for a pool to take it");
        _cli.Store.Put("0000000005", new NodeRecord
        {
            State = NodeState.Building,
            StateTime = 1,
            AllocatedTo = Id,
            Launch = new LaunchRecord { Token = "t", Attempt = 2, Phase = LaunchPhase.Scan, Failure = "no ssh" },
        });
        _cli.Store.Put(Id, _cli.Store.Request(Id).To(RequestState.Pending, 2));
        await ToldAsync("has 0 of 1 nodes ready: node 0000000005 has booted, its ssh is waited for (attempt 2)");
        await ToldAsync("    0 s  node 0000000005: attempt 1 failed: no ssh\n");
        _cli.Store.Put("0000000005", _cli.Store.Node("0000000005") with { State = NodeState.Failed, Launch = _cli.Store.Node("0000000005").Launch! with { Failure = "no ssh" } });
        await ToldAsync("node 0000000005 could not be launched (attempt 2)");
        await ToldAsync("    0 s  node 0000000005: attempt 2 failed: no ssh\n");

        Fulfil();
        Assert.Equal(0, await run);
    }

    [Fact]
    public async Task Wait_NothingChanges_RemindsEveryFifteenSecondsAndSaysOnceWhereTheReasonIs()
    {
        var run = _cli.RunAsync("request debian --wait");
        await ToldAsync("    0 s  request 200-0000000000 waits for a launcher");
        _cli.Store.Time.Advance(TimeSpan.FromSeconds(15));
        await ToldAsync("   15 s  request 200-0000000000 waits for a launcher");
        _cli.Store.Time.Advance(TimeSpan.FromSeconds(15));
        await ToldAsync("   30 s  request 200-0000000000 waits for a launcher");

        _cli.Stop.Raise();
        await run;
        Assert.Equal(1, _cli.Error.Split("   15 s  nodepool explain 200-0000000000 says why it waits, pool by pool\n").Length - 1);
        Assert.DoesNotContain("30 s  nodepool explain", _cli.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(0, "\r\e[K    0 s  request 200-0000000000 waits for a launcher: none is running")]
    [InlineData(30, "\r\e[K    0 s  request 200-0000000…")]
    public async Task Wait_OnATerminal_CutsTheLineToItsWidth(int columns, string line)
    {
        _cli.IsTerminal = true;
        _cli.TerminalSize = (columns, 24);
        var run = _cli.RunAsync("request debian --wait");
        await ToldAsync(line);

        _cli.Stop.Raise();
        await run;
    }

    [Fact]
    public async Task Wait_OnATerminal_ShowsTheTimeInOneLine()
    {
        _cli.IsTerminal = true;
        var run = _cli.RunAsync("request debian --wait");
        await ToldAsync("    0 s  request 200-0000000000 waits for a launcher");
        _cli.Store.Time.Advance(TimeSpan.FromSeconds(1));
        await ToldAsync("\r\e[K    1 s  request 200-0000000000 waits for a launcher: none is running");

        _cli.Stop.Raise();
        await run;

        Assert.EndsWith("none is running\nnodepool: request 200-0000000000 was interrupted; it is withdrawn\n", _cli.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Wait_CtrlC_WithdrawsTheRequest()
    {
        var run = _cli.RunAsync("request debian --wait");
        await ToldAsync("waits for a launcher");

        _cli.Stop.Raise();

        Assert.Equal(130, await run);
        Assert.Null(_cli.Store.Find(NodepoolPaths.Request(Id)));
        Assert.EndsWith("nodepool: request 200-0000000000 was interrupted; it is withdrawn\n", _cli.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Wait_TimeIsUp_WithdrawsTheRequest()
    {
        var run = _cli.RunAsync("request debian --wait --timeout 2.5");
        await ToldAsync("waits for a launcher");
        _cli.Store.Time.Advance(TimeSpan.FromSeconds(2.5));

        Assert.Equal(1, await run);
        Assert.Null(_cli.Store.Find(NodepoolPaths.Request(Id)));
        Assert.EndsWith(
            "nodepool: request 200-0000000000 was not fulfilled within 2.5 s: it waits for a launcher: none is running; it is withdrawn\n", _cli.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Wait_Failed_SaysWhoDeclinedAndDeletesTheRequest()
    {
        PutPool();
        var run = _cli.RunAsync("request other --wait");
        _cli.Store.Put(Id, _cli.Store.Request(Id).To(RequestState.Failed, 2) with { DeclinedBy = ["id1", "gone"] });

        Assert.Equal(1, await run);
        Assert.EndsWith(
            "nodepool: request 200-0000000000 failed: no live pool serves other; declined by cloud/main, a pool that has ended (the launcher's log says why)\n",
            _cli.Error, StringComparison.Ordinal);
        Assert.Null(_cli.Store.Find(NodepoolPaths.Request(Id)));
    }

    [Fact]
    public async Task Wait_RequestDeletedBySomebody_SaysSo()
    {
        var run = _cli.RunAsync("request debian --wait");
        _cli.Store.Delete(NodepoolPaths.Request(Id));

        Assert.Equal(1, await run);
        Assert.EndsWith("nodepool: request 200-0000000000 was deleted by somebody\n", _cli.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Take_OfAnEarlierRequest_GetsItsNodes()
    {
        await _cli.RunAsync("request debian");
        Assert.Equal(1, await _cli.RunAsync($"request --take {Id}"));
        Assert.EndsWith("nodepool: request 200-0000000000 is requested: there are no nodes to take yet\n", _cli.Error, StringComparison.Ordinal);

        Fulfil();
        Assert.Equal(0, await _cli.RunAsync($"request --take {Id}"));
        Assert.EndsWith(Line, _cli.Out, StringComparison.Ordinal);
    }

    [Fact]
    public async Task TakeAndWait_CtrlC_LeavesTheRequest()
    {
        await _cli.RunAsync("request debian");
        var run = _cli.RunAsync($"request --take {Id} --wait");
        await ToldAsync("waits for a launcher");

        _cli.Stop.Raise();

        Assert.Equal(130, await run);
        Assert.NotNull(_cli.Store.Find(NodepoolPaths.Request(Id)));
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

    private void PutPool() => _cli.Store.Put("h0000000001", new ComponentRecord
    {
        Kind = "pool",
        Hostname = "h",
        Id = "id1",
        ProviderName = "cloud",
        Name = "main",
        SupportedLabels = ["debian"],
    });

    private void Fulfil()
    {
        _cli.Store.Put("0000000005", new NodeRecord
        {
            State = NodeState.Ready,
            StateTime = 1,
            AllocatedTo = Id,
            InterfaceIp = "127.0.0.1",
            ConnectionPort = RawJson.FromNumber(2201),
            Username = "root",
            HostKeys = ["ssh-ed25519 AAAA"],
            Provider = "cloud",
        });
        _cli.Store.Put(Id, _cli.Store.Request(Id).To(RequestState.Fulfilled, 2) with { Nodes = ["0000000005"] });
    }
}
