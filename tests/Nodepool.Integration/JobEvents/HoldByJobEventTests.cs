using System.Text.Json.Nodes;
using NetMQ;
using NetMQ.Sockets;
using Nodepool.Integration.Cli;
using Nodepool.Integration.Roles;

namespace Nodepool.Integration.JobEvents;

/// <summary>A real launcher hears a real publisher and holds the nodes of the jobs that <c>job-create</c> names.</summary>
public sealed class HoldByJobEventTests : IDisposable
{
    private readonly RoleBed _bed = new();
    private readonly PublisherSocket _publisher = new();

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public void Dispose()
    {
        _publisher.Dispose();
        _bed.Dispose();
    }

    [Fact]
    public async Task Failures_OfTheNamedJob_HoldAsManyNodesAsWanted_AndOthersComeBack()
    {
        var endpoint = $"tcp://127.0.0.1:{_publisher.BindRandomPort("tcp://127.0.0.1")}";
        _bed.Write(maxServers: 4, $"job-events: {{publishers: ['{endpoint}'], node-names: ['{{label.name}}-{{node_id}}.ci.example']}}");
        await using var launcher = await _bed.LauncherAsync();
        Assert.Equal(0, (await NodepoolProcess.RunAsync("-c", _bed.Config, "job-create", "unit", "--hold-on-failure", "1")).Status);
        string[] taken = [await TakeAsync(), await TakeAsync(), await TakeAsync()];

        // Nobody is told of the first messages of a publisher whose listeners are about to connect: said until it is heard.
        await TellUntilAsync($"debian-{taken[0]}.ci.example", "unit-py3", "FAILURE", async () => !(await StatesAsync()).ContainsKey(taken[0]));
        await TellUntilAsync($"debian-cloud-{taken[1].TrimStart('0')}", "unit", "FAILURE", async () => (await StatesAsync())[taken[1]] == "hold");
        await TellUntilAsync(taken[2], "unit", "FAILURE", async () => !(await StatesAsync()).ContainsKey(taken[2]));

        Assert.Equal("hold", (await StatesAsync())[taken[1]]);
        var held = Assert.Single((await AskAsync("list", "--state", "hold", "-o", "json")).AsArray());
        Assert.Equal("job unit failed; node 1 of 1 that are held for it", (string?)held!["comment"]);
        Assert.Equal(0, (await NodepoolProcess.RunAsync("-c", _bed.Config, "return", taken[1])).Status);
        await Until.TrueAsync(async () => !(await StatesAsync()).ContainsKey(taken[1]));
    }

    private async Task TellUntilAsync(string node, string job, string status, Func<Task<bool>> isHeard) => await Until.TrueAsync(() =>
    {
        _publisher.SendFrame("onFinalized " + new JsonObject { ["name"] = job, ["build"] = new JsonObject { ["node_name"] = node, ["status"] = status } }.ToJsonString());
        return isHeard();
    });

    private async Task<string> TakeAsync() => (string)(await AskAsync("request", "debian", "--wait", "-o", "json"))["nodes"]![0]!["id"]!;

    private async Task<Dictionary<string, string>> StatesAsync() =>
        (await AskAsync("list", "-o", "json")).AsArray().ToDictionary(node => (string)node!["id"]!, node => (string)node!["state"]!);

    private async Task<JsonNode> AskAsync(params string[] verb)
    {
        Ct.ThrowIfCancellationRequested();
        var (status, output, error) = await NodepoolProcess.RunAsync(["-c", _bed.Config, .. verb]);
        Assert.True(status == 0, error);
        return JsonNode.Parse(output)!;
    }
}
