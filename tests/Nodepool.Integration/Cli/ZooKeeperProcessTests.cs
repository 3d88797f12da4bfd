using System.Security.Cryptography;
using System.Text.Json.Nodes;
using Nodepool.Integration.State.ZooKeeper;

namespace Nodepool.Integration.Cli;

/// <summary>The program with its records in ZooKeeper, over TLS: processes that share nothing else, as on several hosts.</summary>
public sealed class ZooKeeperProcessTests : IDisposable
{
    private readonly string _directory = Directory.CreateTempSubdirectory("nodepool-cli-").FullName;
    private readonly string _chroot = "/process/" + RandomNumberGenerator.GetHexString(12, lowercase: true);

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public void Dispose() => Directory.Delete(_directory, recursive: true);

    [Fact]
    public async Task Life_OfANode_WithTheRecordsInZooKeeper()
    {
        var config = await WriteConfigAsync("one");
        var elsewhere = await WriteConfigAsync("two");
        await using var launcher = NodepoolProcess.Start(NodepoolProcess.Program, "-c", config, "launcher", "--no-webapp");
        await UntilAsync(async () => (await NodesAsync(elsewhere)).Count(node => (string)node!["state"]! == "ready") == 1);

        var (status, output, error) = await NodepoolProcess.RunAsync("-c", elsewhere, "request", "debian", "--wait", "-o", "json");
        Assert.True(status == 0, error);
        var taken = (string)JsonNode.Parse(output)!["nodes"]![0]!["id"]!;
        Assert.Equal(0, (await NodepoolProcess.RunAsync("-c", elsewhere, "return", taken)).Status);
        await UntilAsync(async () => await NodesAsync(elsewhere) is [var only] && (string)only!["id"]! != taken && (string)only["state"]! == "ready");

        launcher.Signal(NodepoolProcess.Interrupt);
        Assert.Equal(0, await launcher.EndAsync());
        Assert.Contains($"all records in ZooKeeper localhost:", launcher.Error, StringComparison.Ordinal);
        Assert.False(File.Exists(Path.Combine(_directory, "one", "state.db")));
    }

    /// <summary>Whoever is killed leaves its pool to the other as soon as its session has ended.</summary>
    [Fact]
    public async Task Launcher_ThatIsKilled_IsFollowedByAnother()
    {
        var config = await WriteConfigAsync("shared");
        await using var first = NodepoolProcess.Start(NodepoolProcess.Program, "-c", config, "launcher", "--no-webapp");
        await UntilAsync(async () => (await NodesAsync(config)).Any(node => (string)node!["state"]! == "ready"));
        await using var second = NodepoolProcess.Start(NodepoolProcess.Program, "-c", config, "launcher", "--no-webapp");
        await second.SaysAsync(": launcher; process ");

        first.Signal(NodepoolProcess.Kill);

        var (status, output, error) = await NodepoolProcess.RunAsync("-c", config, "request", "debian", "--no-reuse", "--wait", "-o", "json");
        Assert.True(status == 0, error);
        Assert.Single(JsonNode.Parse(output)!["nodes"]!.AsArray());
    }

    [Fact]
    public async Task Verbs_WithoutAServer_SayWhichCannotBeReachedAndWhy()
    {
        var config = await WriteConfigAsync("nowhere", port: 1);

        var (status, output, error) = await NodepoolProcess.RunAsync("-c", config, "list");

        Assert.Equal((1, ""), (status, output));
        Assert.Contains("no ZooKeeper server can be reached: localhost:1: Connection refused", error, StringComparison.Ordinal);
    }

    private static async Task<JsonArray> NodesAsync(string config)
    {
        var (status, output, _) = await NodepoolProcess.RunAsync("-c", config, "list", "-o", "json");
        return status == 0 ? JsonNode.Parse(output)!.AsArray() : [];
    }

    private static async Task UntilAsync(Func<Task<bool>> condition)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(60), TimeProvider.System);
        while (!await condition())
        {
            Assert.False(patience.IsCancellationRequested, "it did not come to that");
            await Task.Delay(TimeSpan.FromMilliseconds(50), TimeProvider.System, Ct);
        }
    }

    /// <summary>A host of its own: a directory with nothing but the configuration.</summary>
    private async Task<string> WriteConfigAsync(string host, int? port = null)
    {
        var shared = await SharedServer.Instance;
        var directory = Directory.CreateDirectory(Path.Combine(_directory, host)).FullName;
        var config = Path.Combine(directory, "nodepool.yaml");
        await File.WriteAllTextAsync(
            config,
            $"""
            state-dir: .
            zookeeper-servers:
              - host: localhost
                port: {port ?? shared.Server.SecurePort}
                chroot: {_chroot}
            zookeeper-tls:
              cert: {shared.Certificates.ClientCertificate}
              key: {shared.Certificates.ClientKey}
              ca: {shared.Certificates.Authority}
              check-host-name: true
            zookeeper-timeout: 2
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
            """,
            Ct);
        return config;
    }
}
