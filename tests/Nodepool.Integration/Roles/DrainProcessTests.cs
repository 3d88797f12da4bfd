using System.Text.Json.Nodes;
using Nodepool.Integration.Cli;

namespace Nodepool.Integration.Roles;

/// <summary><c>nodepool drain --watch</c> beside a launcher that serves, each a process of its own.</summary>
public sealed class DrainProcessTests : IDisposable
{
    private readonly RoleBed _bed = new();

    public void Dispose() => _bed.Dispose();

    [Fact]
    public async Task Drain_OfAProviderInUse_EndsWhenItsNodesComeBackAndFailsNoRequest()
    {
        await using var launcher = await _bed.LauncherAsync();
        var used = await TakeAsync();
        await Until.TrueAsync(async () => await NodesAsync("ready") == 1);

        await using var drain = NodepoolProcess.Start(NodepoolProcess.Program, "-c", _bed.Config, "drain", "cloud", "--reason", "new racks", "--watch");
        await drain.SaysAsync("1 node is left: 1 in-use");
        await using var waits = NodepoolProcess.Start(NodepoolProcess.Program, "-c", _bed.Config, "request", "debian", "--wait");
        await waits.SaysAsync("request 200-");
        await Until.TrueAsync(async () => (await AskAsync("request-list")).AsArray().Count == 1);
        var request = (string)(await AskAsync("request-list"))[0]!["id"]!;
        await Until.TrueAsync(async () => (await NodepoolProcess.RunAsync("-c", _bed.Config, "explain", request)).Out.Contains("new racks", StringComparison.Ordinal));

        Assert.Equal(0, (await NodepoolProcess.RunAsync("-c", _bed.Config, "return", used)).Status);
        Assert.True(await drain.EndAsync() == 0, drain.Error);
        Assert.Contains("provider cloud is empty", drain.Error + drain.Out, StringComparison.Ordinal);
        Assert.Empty((await AskAsync("list")).AsArray());
        Assert.Equal("requested", (string)(await AskAsync("request-list"))[0]!["state"]!);

        Assert.Equal(0, (await NodepoolProcess.RunAsync("-c", _bed.Config, "drain", "cloud", "--undo")).Status);
        Assert.True(await waits.EndAsync() == 0, waits.Error);
        await Until.TrueAsync(async () => await NodesAsync("ready") == 1 && await NodesAsync("in-use") == 1);
    }

    /// <summary>The mark is in the store, so whoever comes next goes on with it, and who watches is told that nobody does meanwhile.</summary>
    [Fact]
    public async Task Drain_LauncherIsKilledMeanwhile_TheNextOneEndsIt()
    {
        string used;
        await using (var launcher = await _bed.LauncherAsync())
        {
            used = await TakeAsync();
            await Until.TrueAsync(async () => await NodesAsync("ready") == 1);
            launcher.Signal(NodepoolProcess.Kill);
            await launcher.EndAsync();
        }

        await using var drain = NodepoolProcess.Start(NodepoolProcess.Program, "-c", _bed.Config, "drain", "cloud", "--watch");
        await drain.SaysAsync("no launcher runs provider cloud: its nodes stay until one does");
        Assert.Equal(0, (await NodepoolProcess.RunAsync("-c", _bed.Config, "return", used)).Status);
        await drain.SaysAsync("2 nodes are left: ");

        await using var next = await _bed.LauncherAsync();
        Assert.True(await drain.EndAsync() == 0, drain.Error);
        Assert.Empty((await AskAsync("list")).AsArray());
    }

    /// <summary>Takes a node as a script does.</summary>
    private async Task<string> TakeAsync() => (string)(await AskAsync("request", "debian", "--wait"))["nodes"]![0]!["id"]!;

    private async Task<int> NodesAsync(string state) => (await AskAsync("list", "--state", state)).AsArray().Count;

    private async Task<JsonNode> AskAsync(params string[] verb)
    {
        var (status, output, error) = await NodepoolProcess.RunAsync(["-c", _bed.Config, .. verb, "-o", "json"]);
        Assert.True(status == 0, error);
        return JsonNode.Parse(output)!;
    }
}
