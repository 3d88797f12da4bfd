using System.Text.Json.Nodes;
using Nodepool.Integration.Cli;

namespace Nodepool.Integration.Roles;

/// <summary>A provider is taken out of the file while no launcher runs: nobody can end its nodes, but everybody is told, and what waited for it is served elsewhere.</summary>
public sealed class ForgottenProviderTests : IDisposable
{
    private readonly RoleBed _bed = new();

    public void Dispose() => _bed.Dispose();

    [Fact]
    public async Task Launcher_ThatDoesNotKnowTheProvider_SaysSo_ServesItsRequests_AndEraseEndsItsNodes()
    {
        Write("gone");
        await using (var launcher = await StartAsync("gone"))
        {
            await AskAsync("request", "debian", "--wait");
            await Until.TrueAsync(async () => (await AskAsync("list", "--state", "ready")).AsArray().Count == 1);
            Write("gone", "create-latency: 600");
            await launcher.SaysAsync("revision 2 is in force");
            Assert.Equal(0, (await NodepoolProcess.RunAsync("-c", _bed.Config, "request", "debian", "--no-reuse")).Status);
            await Until.TrueAsync(async () => (await AskAsync("list", "--state", "building")).AsArray().Count == 1 && await StateAsync() == "pending");
            launcher.Signal(NodepoolProcess.Kill);
            await launcher.EndAsync();
        }

        Write("stays");
        await using var next = await StartAsync("stays");
        await next.SaysAsync("Provider gone has 3 nodes, but no launcher has it in its configuration: they stay");
        await Until.TrueAsync(async () => await StateAsync() == "fulfilled");
        Assert.Equal("stays", (string)(await AskAsync("list", "--provider", "stays"))[0]!["provider"]!);
        var status = (await NodepoolProcess.RunAsync("-c", _bed.Config, "status")).Out;
        Assert.Contains("provider gone has nodes (1 building, 1 ready, 1 in-use) but is not in the configuration", status, StringComparison.Ordinal);
        Assert.Contains("label debian: 0 of 1 nodes ready", status, StringComparison.Ordinal);

        var refused = await NodepoolProcess.RunAsync("-c", _bed.Config, "erase", "gone");
        Assert.Contains("in use, held or locked", refused.Error, StringComparison.Ordinal);
        Assert.Equal(0, (await NodepoolProcess.RunAsync("-c", _bed.Config, "erase", "gone", "--force")).Status);
        await Until.TrueAsync(async () => (await AskAsync("list", "--provider", "stays", "--state", "ready")).AsArray().Count >= 1);
        Assert.Empty((await AskAsync("list", "--provider", "gone")).AsArray());
        Assert.Equal(1, next.Error.Split("Provider gone has").Length - 1);
    }

    private async Task<NodepoolProcess> StartAsync(string provider)
    {
        var launcher = NodepoolProcess.Start(NodepoolProcess.Program, "-c", _bed.Config, "launcher", "--no-webapp");
        await launcher.SaysAsync($"Pool {provider}/main is run by this launcher");
        return launcher;
    }

    private async Task<string> StateAsync() => (string)(await AskAsync("request-list")).AsArray().Single(request => !((string)request!["requestor"]!).StartsWith("NodePool", StringComparison.Ordinal))!["state"]!;

    private async Task<JsonNode> AskAsync(params string[] verb)
    {
        var (status, output, error) = await NodepoolProcess.RunAsync(["-c", _bed.Config, .. verb, "-o", "json"]);
        Assert.True(status == 0, error);
        return JsonNode.Parse(output)!;
    }

    private void Write(string provider, string more = "") => File.WriteAllText(_bed.Config,
        $"""
        state-dir: .
        labels:
          - name: debian
            min-ready: 1
        providers:
          - name: {provider}
            driver: fake
            {more}
            pools:
              - name: main
                max-servers: 5
                labels:
                  - name: debian
                    cloud-image: debian
                    host-key-checking: false
                    min-ram: 1024
            cloud-images:
              - name: debian
        """);
}
