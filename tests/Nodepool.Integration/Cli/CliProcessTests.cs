using System.Net.Http.Headers;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace Nodepool.Integration.Cli;

/// <summary>The program as people use it: processes that share one store file, the driver fake as the cloud.</summary>
public sealed partial class CliProcessTests : IDisposable
{
    private readonly string _directory = Directory.CreateTempSubdirectory("nodepool-cli-").FullName;
    private readonly string _config;

    public CliProcessTests()
    {
        _config = Path.Combine(_directory, "nodepool.yaml");
        WriteConfig(webPort: 0);
    }

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public void Dispose() => Directory.Delete(_directory, recursive: true);

    [Fact]
    public async Task Verbs_WithoutAStore_SayHowOneIsMade()
    {
        var (status, output, error) = await NodepoolProcess.RunAsync("-c", _config, "list");

        Assert.Equal((1, ""), (status, output));
        Assert.Equal($"nodepool: no store at {_directory}/state.db: 'nodepool up' (or 'nodepool launcher') makes it; if another configuration is meant, name it with -c\n", error);
    }

    [Fact]
    public async Task Verbs_WithoutAConfiguration_SaySo()
    {
        var (status, _, error) = await NodepoolProcess.RunAsync("-c", "/nowhere/nodepool.yaml", "list");

        Assert.Equal(1, status);
        Assert.StartsWith("nodepool: /nowhere/nodepool.yaml:", error, StringComparison.Ordinal);
        Assert.Contains("there is no such file", error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Life_OfANode_FromRequestToReplacement()
    {
        await using var up = NodepoolProcess.Start(NodepoolProcess.Program, "-c", _config, "up");
        await UntilAsync(async () => (await NodesAsync()).Count(node => (string)node!["state"]! == "ready") == 1);

        var (status, output, error) = await NodepoolProcess.RunAsync("-c", _config, "request", "debian", "--wait", "-o", "json");
        Assert.True(status == 0, error);
        var taken = (string)JsonNode.Parse(output)!["nodes"]![0]!["id"]!;
        var node = (await NodesAsync()).Single(one => (string)one!["id"]! == taken)!;
        Assert.Equal(("in-use", "locked"), ((string)node["state"]!, (string)node["locked"]!));

        var (refused, _, why) = await NodepoolProcess.RunAsync("-c", _config, "delete", taken);
        Assert.Equal((1, $"nodepool: node {taken} is in-use: give it back first: nodepool return {taken}\n"), (refused, why));

        Assert.Equal(0, (await NodepoolProcess.RunAsync("-c", _config, "return", taken)).Status);
        await UntilAsync(async () => await NodesAsync() is [var only] && (string)only!["id"]! != taken && (string)only["state"]! == "ready");

        up.Signal(NodepoolProcess.Interrupt);
        Assert.Equal(0, await up.EndAsync());
        Assert.Contains("stopping builder, launcher, web", up.Error, StringComparison.Ordinal);
        Assert.Contains("what stays: nodes (1 ready), 0 built images, all records in ", up.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Request_WhileNobodyServes_EndsWithItsProcess()
    {
        await using (var launcher = NodepoolProcess.Start(NodepoolProcess.Program, "-c", _config, "launcher", "--no-webapp"))
        {
            await UntilAsync(async () => (await NodepoolProcess.RunAsync("-c", _config, "list")).Status == 0);
            launcher.Signal(NodepoolProcess.Interrupt);
            Assert.Equal(0, await launcher.EndAsync());
        }

        await using (var asks = NodepoolProcess.Start(NodepoolProcess.Program, "-c", _config, "request", "debian", "--no-reuse", "--wait"))
        {
            await asks.SaysAsync("waits for a launcher: none is running");
            Assert.Contains("debian", (await NodepoolProcess.RunAsync("-c", _config, "request-list")).Out, StringComparison.Ordinal);
            asks.Signal(NodepoolProcess.Interrupt);
            Assert.Equal(130, await asks.EndAsync());
            Assert.Contains("it is withdrawn", asks.Error, StringComparison.Ordinal);
        }

        await using (var dies = NodepoolProcess.Start(NodepoolProcess.Program, "-c", _config, "request", "debian", "--no-reuse", "--wait"))
        {
            await dies.SaysAsync("waits for a launcher: none is running");
            dies.Signal(NodepoolProcess.Kill);
            await dies.EndAsync();
        }

        await UntilAsync(async () => JsonNode.Parse((await NodepoolProcess.RunAsync("-c", _config, "request-list", "-o", "json")).Out)!.AsArray()
            .All(request => (string)request!["requestor"]! == "NodePool:min-ready"));
    }

    [Fact]
    public async Task Web_OfARealProcess_AnswersAndAPortThatIsTakenStopsOnlyTheWeb()
    {
        await using var first = NodepoolProcess.Start(NodepoolProcess.Program, "-c", _config, "up");
        var log = await first.SaysAsync("listening on http://127.0.0.1:");
        var address = ListeningOn().Match(log).Groups[1].Value;
        using var client = new HttpClient { BaseAddress = new Uri(address) };
        await UntilAsync(async () => (await client.GetAsync("/ready", Ct)).IsSuccessStatusCode);
        client.DefaultRequestHeaders.Accept.Add(MediaTypeWithQualityHeaderValue.Parse("application/json"));
        await UntilAsync(async () => JsonNode.Parse(await client.GetStringAsync("/node-list", Ct))!.AsArray().Count == 1);
        Assert.Equal("""[{"label":"debian"}]""", await client.GetStringAsync("/label-list", Ct));
        Assert.Equal(404, (int)(await client.GetAsync("/elsewhere", Ct)).StatusCode);
        Assert.Equal(405, (int)(await client.DeleteAsync("/node-list", Ct)).StatusCode);

        WriteConfig(new Uri(address).Port);
        await using var second = NodepoolProcess.Start(NodepoolProcess.Program, "-c", _config, "up");
        await second.SaysAsync($"web cannot start: cannot listen on 127.0.0.1:{new Uri(address).Port}: another program uses the port: end that program or set another webapp.port in {_config}");
        var alone = await NodepoolProcess.RunAsync("-c", _config, "web");
        Assert.Equal(1, alone.Status);
        Assert.EndsWith($"set another webapp.port in {_config}\n", alone.Error, StringComparison.Ordinal);
        second.Signal(NodepoolProcess.Interrupt);
        Assert.Equal(0, await second.EndAsync());
        Assert.Contains("launcher has ended", second.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Links_ToTheProgram_HostTheRoleOfTheirName()
    {
        var link = Path.Combine(_directory, "nodepool-builder");
        File.CreateSymbolicLink(link, NodepoolProcess.Program);

        await using var builder = NodepoolProcess.Start(link, "-c", _config, "-f", "-p", Path.Combine(_directory, "pid"));
        await builder.SaysAsync(": builder; process ");
        Assert.Equal($"{File.ReadAllText(Path.Combine(_directory, "pid")).Trim()}", Pid().Match(builder.Error).Groups[1].Value);
        await UntilAsync(async () => (await NodepoolProcess.RunAsync("-c", _config, "status", "-o", "json")) is { Status: 0 } status
            && JsonNode.Parse(status.Out)!["components"]!.AsArray() is [var only] && (string)only!["kind"]! == "builder");

        builder.Signal(NodepoolProcess.Interrupt);
        Assert.Equal(0, await builder.EndAsync());
        Assert.False(File.Exists(Path.Combine(_directory, "pid")));
    }

    [Fact]
    public async Task Log_AsJson_IsOneObjectPerLine()
    {
        await using var up = NodepoolProcess.Start(NodepoolProcess.Program, "-c", _config, "up", "--log-format", "json");
        await up.SaysAsync("listening on");
        await UntilAsync(async () => (await NodesAsync()).Any(node => (string)node!["state"]! == "ready"));
        up.Signal(NodepoolProcess.Interrupt);
        await up.EndAsync();

        var events = up.Error.Split('\n').Where(line => line.StartsWith('{')).Select(line => JsonNode.Parse(line)!.AsObject()).ToList();
        Assert.Contains(events, logged => (string)logged["category"]! == "web" && ((string)logged["Address"]!).StartsWith("http://127.0.0.1:", StringComparison.Ordinal));
        Assert.Contains(events, logged => logged.ContainsKey("Node"));
    }

    private async Task<JsonArray> NodesAsync()
    {
        var (status, output, _) = await NodepoolProcess.RunAsync("-c", _config, "list", "-o", "json");
        return status == 0 ? JsonNode.Parse(output)!.AsArray() : [];
    }

    private static async Task UntilAsync(Func<Task<bool>> isSo)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(120), TimeProvider.System);
        while (!await isSo())
        {
            Assert.False(patience.IsCancellationRequested, "it never came");
            await Task.Delay(TimeSpan.FromMilliseconds(50), TimeProvider.System, TestContext.Current.CancellationToken);
        }
    }

    private void WriteConfig(int webPort) => File.WriteAllText(_config,
        $"""
        state-dir: .
        images-dir: images
        webapp:
          port: {webPort}
        labels:
          - name: debian
            min-ready: 1
        providers:
          - name: cloud
            driver: fake
            pools:
              - name: main
                max-servers: 3
                labels:
                  - name: debian
                    cloud-image: debian
                    host-key-checking: false
                    min-ram: 1024
            cloud-images:
              - name: debian
        """);

    [GeneratedRegex("listening on (http://127.0.0.1:[0-9]+)")]
    private static partial Regex ListeningOn();

    [GeneratedRegex("process ([0-9]+),")]
    private static partial Regex Pid();
}
