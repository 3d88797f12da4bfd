using System.Text.Json.Nodes;
using Nodepool.Integration.Cli;

namespace Nodepool.Integration.Providers;

/// <summary>The program with slots of nodes of another provider, here of a real ssh server.</summary>
public sealed class SlotsOfHostsTests
{
    [Fact]
    public async Task Slots_OfAHost_AreServedFoundAgainAfterAKillAndGivenBack()
    {
        var directory = Directory.CreateTempSubdirectory("nodepool-slots-").FullName;
        await using var sshd = await Sshd.StartAtAsync("127.88.0.3", "ed25519");
        var config = Path.Combine(directory, "nodepool.yaml");
        await File.WriteAllTextAsync(config,
            $$"""
            state-dir: .
            labels: [{name: host}, {name: slot}]
            providers:
              - name: hosts
                driver: static
                pools: [{name: main, nodes: [{name: {{sshd.Address}}, labels: host, connection-port: {{sshd.Port}}, timeout: 10}]}]
              - name: slots
                driver: metastatic
                pools: [{name: main, host-key-checking: true, labels: [{name: slot, backing-label: host, max-parallel-jobs: 2, grace-time: 1}]}]
            """,
            TestContext.Current.CancellationToken);
        await using (var first = await LauncherAsync())
        {
            await DoAsync("request", "slot", "--wait", "--timeout", "60");
            first.Signal(NodepoolProcess.Kill);
        }

        await using var second = await LauncherAsync();
        await DoAsync("request", "slot", "--wait", "--timeout", "60");
        var slots = (await ListAsync()).Where(node => (string)node!["provider"]! == "slots").ToList();
        Assert.Equal(2, slots.Count);
        Assert.All(slots, node => Assert.Equal((sshd.Address, "in-use"), ((string)node!["public_ipv4"]!, (string)node["state"]!)));
        Assert.Single(await ListAsync(), node => (string)node!["provider"]! == "hosts");

        await DoAsync([.. slots.Select(node => (string)node!["id"]!).Prepend("return")]);
        while ((await ListAsync()) is not [{ } only] || (string)only["state"]! != "ready")
        {
            await Task.Delay(TimeSpan.FromMilliseconds(100), TimeProvider.System, TestContext.Current.CancellationToken);
        }

        Directory.Delete(directory, recursive: true);

        async Task<NodepoolProcess> LauncherAsync()
        {
            var launcher = NodepoolProcess.Start(NodepoolProcess.Program, "-c", config, "launcher", "--no-webapp");
            await launcher.SaysAsync("Pool slots/main is run by this launcher");
            return launcher;
        }

        async Task<JsonArray> ListAsync() => JsonNode.Parse(await DoAsync("list", "-o", "json"))!.AsArray();

        async Task<string> DoAsync(params string[] arguments)
        {
            var (status, output, error) = await NodepoolProcess.RunAsync(["-c", config, .. arguments]);
            Assert.True(status == 0, error);
            return output;
        }
    }
}
