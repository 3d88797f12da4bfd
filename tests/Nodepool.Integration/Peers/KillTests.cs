using System.Globalization;
using System.Text.Json.Nodes;
using Nodepool.Integration.Cli;

namespace Nodepool.Integration.Peers;

/// <summary>Two launchers under the load of a crowd of Zuul's jobs, killed at random moments: no request is lost, no node given twice, no instance left over.</summary>
public sealed class KillTests(ITestOutputHelper output)
{
    /// <summary>How many times: a number. 200 take some ten minutes.</summary>
    public const string KillsVariable = "NODEPOOL_TEST_KILLS";

    /// <summary>Fixes the moments of the kills, as far as a clock can: a number.</summary>
    public const string SeedVariable = "NODEPOOL_TEST_SEED";

    /// <summary>Short, so that there is somebody at work between two kills.</summary>
    private static readonly TimeSpan Session = TimeSpan.FromSeconds(2);

    private static readonly string[] Labels = ["small", "large"];

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task TwoLaunchers_KilledAtRandomUnderLoad_LoseNothingAndDoubleNothing()
    {
        var kills = Number(KillsVariable, 10);
        var seed = Number(SeedVariable, Environment.TickCount & 0xFFFFFF);
        var random = new Random(seed);
        await using var bed = await PeerBed.CreateAsync(output);
        bed.Note($"{kills} kills ({KillsVariable}), seed {seed} ({SeedVariable})");
        var yaml = PeerConfig.Labels(1, Labels) + PeerConfig.Provider(bed, "cloud", Labels, "create-latency: 0.4\ndelete-latency: 0.2\napi-latency: 0.05\nfaults: [{operation: create, fault: ends-in-rejected, probability: 0.02}]", maxServers: 12)
            + PeerConfig.Provider(bed, "cloud-two", Labels, "create-latency: 0.2\ndelete-latency: 0.3\napi-latency: 0.02", maxServers: 6);
        NodepoolProcess[] launchers = [bed.Launch("one", yaml, Session), bed.Launch("two", yaml, Session)];
        await bed.UntilAsync("pools", view => view.Pools.Count() == 2);
        var zuul = await bed.PeerAsync();
        await zuul.DoAsync("crowd", ("labels", new JsonArray("small", "large")), ("jobs", 16), ("cancel", 0.15));

        for (var kill = 1; kill <= kills; kill++)
        {
            var which = random.Next(2);
            await Task.Delay(TimeSpan.FromSeconds(0.3 + (random.NextDouble() * 4.5)), TimeProvider.System, Ct);
            await bed.KillAsync(launchers[which]);
            bed.Note($"kill {kill}: {(await zuul.DoAsync("account"))!.ToJsonString()}");
            launchers[which] = bed.Launch(which == 0 ? "one" : "two", yaml, Session);
        }

        var account = (await zuul.DoAsync("stop"))!;
        bed.Note(account.ToJsonString());
        Assert.Equal("[]", account["errors"]!.ToJsonString());
        Assert.Equal((int)account["asked"]!, (int)account["served"]! + (int)account["cancelled"]! + (int)account["failed"]!);
        Assert.True((int)account["served"]! > kills, "there was no load");
        await bed.UntilAsync("idle nodes and nothing else", view => view.Requests.IsEmpty && view.Nodes.ById.Values.All(node => node.Record is { IsIdle: true } && !node.IsLocked));
        await bed.UntilNothingLeaksAsync("cloud", "cloud-two");
        await bed.UntilAsync("two launchers, two pools", view => view.Components.Count == 4);
        bed.NobodyOffended();
    }

    private static int Number(string variable, int otherwise) => int.TryParse(Environment.GetEnvironmentVariable(variable), CultureInfo.InvariantCulture, out var number) ? number : otherwise;
}
