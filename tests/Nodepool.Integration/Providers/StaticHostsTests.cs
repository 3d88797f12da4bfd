using System.Text.Json.Nodes;
using Nodepool.Integration.Cli;

namespace Nodepool.Integration.Providers;

/// <summary>The program over hosts that exist: real ssh servers on loopback addresses of their own.</summary>
public sealed class StaticHostsTests : IAsyncLifetime
{
    private readonly string _directory = Directory.CreateTempSubdirectory("nodepool-static-").FullName;
    private Sshd _one = null!;
    private Sshd _two = null!;

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    private string Config => Path.Combine(_directory, "nodepool.yaml");

    public async ValueTask InitializeAsync()
    {
        _one = await Sshd.StartAtAsync("127.88.0.1", "ed25519", "ecdsa");
        _two = await Sshd.StartAtAsync("127.88.0.2", "ed25519");
        Write(slots: 2);
    }

    public async ValueTask DisposeAsync()
    {
        await _one.DisposeAsync();
        await _two.DisposeAsync();
        Directory.Delete(_directory, recursive: true);
    }

    [Fact]
    public async Task Hosts_OverTheirWholeLife_AreReadyGivenOutAndReadyAgain()
    {
        await using var launcher = await LauncherAsync();
        var nodes = await UntilAsync("one node per slot", all => all.Count(IsReady) == 3);
        Assert.Equal(["127.88.0.1", "127.88.0.1", "127.88.0.2"], nodes.Select(node => (string)node!["public_ipv4"]!).Order());

        await DoAsync("request", "crate", "--wait");
        var used = Assert.Single(await ListAsync(), node => (string)node!["state"]! == "in-use")!;
        Write(slots: 1);
        await UntilAsync("a slot less, and the node in use stays", all => all.Count == 2 && Ids(all).Contains((string)used["id"]!));
        await DoAsync("return", (string)used["id"]!);

        await UntilAsync("the slot is filled again", all => all.Count == 2 && all.All(IsReady));
    }

    [Fact]
    public async Task Host_ThatGoesDown_LosesItsNodesUntilItIsBack()
    {
        await using var launcher = await LauncherAsync();
        await UntilAsync("one node per slot", all => all.Count(IsReady) == 3);

        await _two.StopAsync();
        var (status, _, error) = await NodepoolProcess.RunAsync("-c", Config, "request", "crate", "--wait", "--timeout", "15");
        Assert.False(status == 0, error);
        await UntilAsync("its node is taken back", all => all.Count == 2);
        Assert.Contains($"host zuul@{_two.Address}:{_two.Port} of pool hosts/main has no node", await DoAsync("status"), StringComparison.Ordinal);
        _two.StartAgain();

        await UntilAsync("it is looked at again", all => all.Count(IsReady) == 3);
    }

    [Fact]
    public async Task Launcher_KilledAndStartedAgain_FindsItsNodes()
    {
        IEnumerable<string> before;
        await using (var first = await LauncherAsync())
        {
            before = Ids(await UntilAsync("one node per slot", all => all.Count(IsReady) == 3));
            first.Signal(NodepoolProcess.Kill);
        }

        await using var second = await LauncherAsync();
        await Task.Delay(TimeSpan.FromSeconds(3), TimeProvider.System, Ct);

        Assert.True(before.SequenceEqual(Ids(await ListAsync())), second.Error);
    }

    private static bool IsReady(JsonNode? node) => (string)node!["state"]! == "ready";

    private static IEnumerable<string> Ids(JsonArray nodes) => nodes.Select(node => (string)node!["id"]!).Order().ToList();

    private void Write(int slots) => File.WriteAllText(Config,
        $"""
        state-dir: .
        labels:
          - name: box
          - name: crate
        providers:
          - name: hosts
            driver: static
            pools:
              - name: main
                nodes:
                  - name: {_one.Address}
                    labels: box
                    connection-port: {_one.Port}
                    host-key: {_one.Keys[1]}
                    max-parallel-jobs: {slots}
                  - name: {_two.Address}
                    labels: [box, crate]
                    connection-port: {_two.Port}
                    timeout: 10
        """);

    private async Task<NodepoolProcess> LauncherAsync()
    {
        var launcher = NodepoolProcess.Start(NodepoolProcess.Program, "-c", Config, "launcher", "--no-webapp");
        await launcher.SaysAsync("Pool hosts/main is run by this launcher");
        return launcher;
    }

    private async Task<JsonArray> UntilAsync(string what, Func<JsonArray, bool> holds)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(90), TimeProvider.System);
        while (true)
        {
            var nodes = await ListAsync();
            if (holds(nodes))
            {
                return nodes;
            }

            Assert.False(patience.IsCancellationRequested, $"never: {what}; {nodes.ToJsonString()}");
            await Task.Delay(TimeSpan.FromMilliseconds(100), TimeProvider.System, Ct);
        }
    }

    private async Task<JsonArray> ListAsync() => JsonNode.Parse(await DoAsync("list", "-o", "json"))!.AsArray();

    private async Task<string> DoAsync(params string[] arguments)
    {
        var (status, output, error) = await NodepoolProcess.RunAsync(["-c", Config, .. arguments]);
        Assert.True(status == 0, error);
        return output;
    }
}
