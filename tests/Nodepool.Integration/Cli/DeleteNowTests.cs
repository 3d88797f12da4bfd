using System.Text.Json.Nodes;

namespace Nodepool.Integration.Cli;

/// <summary><c>delete --now</c> with processes that die: a cloud that outlives them all (fake, in a file) shows what was really done.</summary>
public sealed class DeleteNowTests : IAsyncLifetime
{
    private readonly string _directory = Directory.CreateTempSubdirectory("nodepool-delete-").FullName;
    private readonly string _config;

    public DeleteNowTests()
    {
        _config = Path.Combine(_directory, "nodepool.yaml");
        File.WriteAllText(_config,
            """
            state-dir: .
            labels:
              - name: box
                min-ready: 2
            providers:
              - name: hosts
                driver: fake
                instances-file: instances.json
                pools:
                  - name: main
                    max-servers: 2
                    labels:
                      - name: box
                        host-key-checking: false
            """);
    }

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public ValueTask DisposeAsync()
    {
        Directory.Delete(_directory, recursive: true);
        return ValueTask.CompletedTask;
    }

    [Fact]
    public async Task DeleteNow_LauncherWasKilled_FreesWhatTheNodesHeldAtTheProvider()
    {
        await using var launcher = await ReadyLauncherAsync();
        launcher.Signal(NodepoolProcess.Kill);
        await launcher.EndAsync();
        Assert.Equal(2, await UsedAsync());
        var ids = (await RunAsync("list", "-o", "json")).AsArray().Select(node => (string)node!["id"]!).ToArray();

        var (status, _, error) = await NodepoolProcess.RunAsync(["-c", _config, "delete", .. ids, "--now"]);

        Assert.True(status == 0, error);
        Assert.All(ids, id => Assert.Contains($"node {id} is gone\n", error, StringComparison.Ordinal));
        Assert.Empty((await RunAsync("list", "-o", "json")).AsArray());
        Assert.Empty((await RunAsync("alien-list", "-o", "json")).AsArray());
        Assert.Equal(0, await UsedAsync());
    }

    [Fact]
    public async Task DeleteNow_WithALauncher_IsOverWhenThatHasDoneIt()
    {
        await using var launcher = await ReadyLauncherAsync();
        var id = (string)(await RunAsync("list", "-o", "json"))[0]!["id"]!;

        var (status, _, error) = await NodepoolProcess.RunAsync("-c", _config, "delete", id, "--now");

        Assert.True(status == 0, error);
        Assert.DoesNotContain((await RunAsync("list", "-o", "json")).AsArray(), node => (string)node!["id"]! == id);
        Assert.Contains($"Node {id} deleted", await launcher.SaysAsync($"Node {id} deleted"), StringComparison.Ordinal);
    }

    private async Task<NodepoolProcess> ReadyLauncherAsync()
    {
        var launcher = NodepoolProcess.Start(NodepoolProcess.Program, "-c", _config, "launcher", "--no-webapp");
        await launcher.SaysAsync("Pool hosts/main is run by this launcher");
        while ((await RunAsync("list", "--state", "ready", "-o", "json")).AsArray().Count < 2)
        {
            await Task.Delay(TimeSpan.FromMilliseconds(50), TimeProvider.System, TestContext.Current.CancellationToken);
        }

        return launcher;
    }

    /// <summary>Instances that the cloud has.</summary>
    private async Task<int> UsedAsync() =>
        (await RunAsync("info", "hosts", "-o", "json"))["usage"]!.AsArray().SingleOrDefault(row => (string)row!["resource"]! == "instances")?["used"]!.GetValue<int>() ?? 0;

    private async Task<JsonNode> RunAsync(params string[] arguments)
    {
        var (status, output, error) = await NodepoolProcess.RunAsync(["-c", _config, .. arguments]);
        Assert.True(status == 0, error);
        return JsonNode.Parse(output)!;
    }
}
