using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Nodepool.Integration.Cli;

namespace Nodepool.Integration.Configuration;

/// <summary>A running launcher whose files go bad and good again, as an operator sees it from outside.</summary>
public sealed partial class ReloadProcessTests : IDisposable
{
    private const string Secret = "hunter2-never-shown";
    private const int HangUp = 1;

    private readonly string _directory = Directory.CreateTempSubdirectory("nodepool-reload-").FullName;

    private string Config => Path.Combine(_directory, "nodepool.yaml");

    private string Secure => Path.Combine(_directory, "secure.yaml");

    public void Dispose() => Directory.Delete(_directory, recursive: true);

    [Fact]
    public async Task BadFiles_AreToldEverywhereUntilTheyAreGoodAgain()
    {
        WriteConfig("max-servers: 2");
        File.WriteAllText(Secure, $"diskimages: [{{name: debian, env-vars: {{PASSWORD: {Secret}}}}}]\n");
        await using var launcher = NodepoolProcess.Start(NodepoolProcess.Program, "-c", Config, "-s", Secure, "launcher");
        var address = ListeningOn().Match(await launcher.SaysAsync("listening on ")).Groups[1].Value;
        using var web = new HttpClient();

        WriteConfig("max-severs: 2");
        await launcher.SaysAsync("cannot be used, revision 1 stays in force");
        var refused = await StatusAsync(status => status.Problems.Contains("keeps revision 1"));
        Assert.Contains("did you mean 'max-servers'?", refused.Problems, StringComparison.Ordinal);
        Assert.Contains("nodepool_config_refused 1\n", await web.GetStringAsync(address + "/metrics", TestContext.Current.CancellationToken), StringComparison.Ordinal);

        WriteConfig("max-servers: 3");
        launcher.Signal(HangUp);
        await StatusAsync(status => status.Revision == 2 && !status.Problems.Contains("keeps revision"));
        var metrics = await web.GetStringAsync(address + "/metrics", TestContext.Current.CancellationToken);
        Assert.Contains("nodepool_config_refused 0\n", metrics, StringComparison.Ordinal);
        Assert.Contains("nodepool_config_reloads_total{result=\"refused\"} 1\n", metrics, StringComparison.Ordinal);

        File.WriteAllText(Secure, $"diskimages: [{{name: nobody, env-vars: {{PASSWORD: {Secret}}}}}]\n");
        var secure = await StatusAsync(status => status.Problems.Contains("keeps revision 2"));
        Assert.Contains("secure.yaml:1:", secure.Problems, StringComparison.Ordinal);

        launcher.Signal(NodepoolProcess.Interrupt);
        Assert.Equal(0, await launcher.EndAsync());
        Assert.DoesNotContain(Secret, launcher.Error + launcher.Out + refused.All + secure.All + metrics, StringComparison.Ordinal);
    }

    private async Task<(string Problems, int Revision, string All)> StatusAsync(Func<(string Problems, int Revision, string All), bool> isSo)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(60), TimeProvider.System);
        while (true)
        {
            var (status, output, error) = await NodepoolProcess.RunAsync("-c", Config, "-s", Secure, "status", "-o", "json");
            if (status == 0 && JsonNode.Parse(output) is { } json)
            {
                var seen = (json["problems"]!.ToJsonString(Relaxed), (int?)json["processes"]?[0]?["revision"] ?? 0, output);
                if (isSo(seen))
                {
                    return seen;
                }
            }

            Assert.False(patience.IsCancellationRequested, $"it never was so:\n{output}\n{error}");
            await Task.Delay(TimeSpan.FromMilliseconds(100), TimeProvider.System);
        }
    }

    private static System.Text.Json.JsonSerializerOptions Relaxed { get; } = new() { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private void WriteConfig(string limit) => File.WriteAllText(Config,
        $$"""
        state-dir: .
        webapp: {port: 0}
        labels: [{name: small}]
        diskimages: [{name: debian, formats: [raw], pause: true}]
        providers:
          - name: cloud
            driver: fake
            cloud-images: [{name: any}]
            pools: [{name: main, {{limit}}, labels: [{name: small, min-ram: 1024, cloud-image: any}]}]

        """);

    [GeneratedRegex("listening on (http://[0-9.:]+)")]
    private static partial Regex ListeningOn();
}
