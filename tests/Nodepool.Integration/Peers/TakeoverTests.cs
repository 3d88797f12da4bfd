using System.Net;
using System.Net.Sockets;
using System.Text.Json.Nodes;
using Nodepool.Core.Model;
using Nodepool.Core.View;
using Nodepool.Integration.Cli;

namespace Nodepool.Integration.Peers;

/// <summary>Two launchers on two hosts that share all pools; one dies or is cut off, the other goes on from what is stored.</summary>
public sealed class TakeoverTests(ITestOutputHelper output)
{
    /// <summary>Session timeout and five seconds, and what a machine with much else to do may need on top.</summary>
    private static readonly TimeSpan Takeover = PeerBed.SessionTimeout + TimeSpan.FromSeconds(5);

    private static readonly TimeSpan Busy = TimeSpan.FromSeconds(20);

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    /// <summary>One pool per stage, so that one <c>kill -9</c> meets all stages. The other goes on with the same nodes and the same instances.</summary>
    [Fact]
    public async Task Launcher_KilledAtEveryStoredStage_IsFollowedByOneThatGoesOnFromThere()
    {
        await using var bed = await PeerBed.CreateAsync(output);
        var port = FreePort();
        var first = bed.Launch("one", Yaml(bed, port, isSlow: true));
        await bed.UntilAsync("all pools", view => view.Pools.Count() == 5);
        var second = bed.Launch("two", Yaml(bed, port, isSlow: false));
        await second.SaysAsync(": launcher; process ");
        var zuul = await bed.PeerAsync();

        var requests = new Dictionary<string, string>();
        foreach (var label in (string[])["start", "wait", "scan", "clean", "delete"])
        {
            requests[label] = await zuul.TextAsync("request", ("labels", new JsonArray(label)));
        }

        Assert.Equal("fulfilled", await zuul.TextAsync("wait", ("name", requests["delete"])));
        var used = (string)(await zuul.DoAsync("accept", ("name", requests["delete"])))![0]!;
        await zuul.DoAsync("use", ("node", used));
        await zuul.DoAsync("finish", ("node", used));
        await bed.UntilAsync("every node at its stage", async () =>
            (await bed.CloudAsync("start")).Count == 1 && NodeOf(bed.View, requests["start"])?.Launch is { Phase: LaunchPhase.Create, Stage: "start" }
            && NodeOf(bed.View, requests["wait"])?.Launch is { Phase: LaunchPhase.Create, Stage: "waiting" } && NodeOf(bed.View, requests["wait"])?.ExternalId.AsText() is not null
            && NodeOf(bed.View, requests["scan"])?.Launch is { Phase: LaunchPhase.Scan }
            && NodeOf(bed.View, requests["clean"])?.Launch is { Phase: LaunchPhase.Clean, Attempt: 1 }
            && bed.View.Nodes.ById.GetValueOrDefault(used)?.Record?.State == NodeState.Deleting);
        var nodes = requests.Where(pair => pair.Key != "delete").ToDictionary(pair => pair.Key, pair => Assert.Single(bed.View.Nodes.Of(pair.Value)));
        var instances = new Dictionary<string, string>();
        foreach (var stage in (string[])["start", "wait", "scan"])
        {
            instances[stage] = Assert.Single(await bed.CloudAsync(stage)).Id;
        }

        first.Signal(NodepoolProcess.Kill);
        using var ssh = new TcpListener(IPAddress.Any, port);
        ssh.Start();
        _ = GreetAsync(ssh);
        await TakesOverAsync(bed, view => view.Pools.Count() == 5 && second.Error.Split("is run by this launcher").Length == 6);

        foreach (var (label, id) in requests.Where(pair => pair.Key != "delete"))
        {
            Assert.Equal("fulfilled", await zuul.TextAsync("wait", ("name", id)));
            Assert.Equal(nodes[label], (string)(await zuul.DoAsync("read", ("name", id)))!["nodes"]![0]!);
            if (instances.TryGetValue(label, out var instance))
            {
                Assert.Equal(instance, (string)(await bed.NodeAsync(nodes[label]))["external_id"]!);
            }
        }

        Assert.Equal(2, bed.View.Nodes.ById[nodes["clean"]].Record!.Launch!.Attempt);
        await bed.UntilAsync("the used node is gone", view => !view.Nodes.ById.ContainsKey(used));
        await bed.UntilNothingLeaksAsync("start", "wait", "scan", "clean", "delete");
        bed.NobodyOffended();
    }

    /// <summary>
    /// A launcher that does not run for longer than its session lasts, in the middle of launches; then it runs on, and finds that it owns nothing
    /// any more. What it was about to write is refused.
    /// </summary>
    [Fact]
    public async Task Launcher_CutOffForLongerThanItsSession_ActsNoMore()
    {
        await using var bed = await PeerBed.CreateAsync(output);
        string[] labels = ["small"];
        var first = bed.Launch("one", PeerConfig.Labels(2, labels) + PeerConfig.Provider(bed, "cloud", labels, "create-latency: 3\napi-latency: 0.3"));
        await bed.UntilAsync("ready nodes", view => view.Nodes.ById.Values.Count(node => node.Record is { IsIdle: true }) == 2 && view.Requests.IsEmpty);
        var second = bed.Launch("two", PeerConfig.Labels(2, labels) + PeerConfig.Provider(bed, "cloud", labels));
        await second.SaysAsync(": launcher; process ");
        var zuul = await bed.PeerAsync();
        var requests = new List<string>();
        for (var i = 0; i < 8; i++)
        {
            requests.Add(await zuul.TextAsync("request", ("labels", new JsonArray("small"))));
        }

        await bed.UntilAsync("launches under way", view => view.Nodes.ById.Values.Count(node => node.Record!.State == NodeState.Building) >= 4);

        await bed.PauseAsync(first, "cloud");
        await TakesOverAsync(bed, _ => second.Error.Contains("is run by this launcher", StringComparison.Ordinal));
        var given = new HashSet<string>();
        foreach (var id in requests)
        {
            Assert.Equal("fulfilled", await zuul.TextAsync("wait", ("name", id)));
            var node = (string)(await zuul.DoAsync("accept", ("name", id)))![0]!;
            Assert.True(given.Add(node));
            await zuul.DoAsync("use", ("node", node));
        }

        await bed.UntilAsync("all are in use", view => given.All(id => view.Nodes.ById.GetValueOrDefault(id)?.Record?.State == NodeState.InUse));
        var before = given.ToDictionary(id => id, id => bed.View.Nodes.ById[id].Version);
        PeerBed.Resume(first);
        await first.SaysAsync("the store's session has ended");
        await bed.UntilAsync("it is back, as one that waits", view => view.Components.Values.Count(component => component.Kind == "launcher") == 2);
        await Task.Delay(TimeSpan.FromSeconds(2), TimeProvider.System, Ct);

        Assert.All(before, pair => Assert.Equal(pair.Value, bed.View.Nodes.ById[pair.Key].Version));
        Assert.Single(bed.View.Pools);
        foreach (var id in given)
        {
            await zuul.DoAsync("finish", ("node", id));
        }

        // min-ready is kept once, not by each of the two.
        await bed.UntilAsync("two idle nodes", view => view.Requests.IsEmpty && view.Nodes.ById.Count == 2 && view.Nodes.ById.Values.All(node => node.Record is { IsIdle: true }));
        await bed.UntilNothingLeaksAsync("cloud");
        await Task.Delay(TimeSpan.FromSeconds(2), TimeProvider.System, Ct);
        Assert.Equal(2, bed.View.Nodes.ById.Count);
        bed.NobodyOffended();
    }

    private static async Task TakesOverAsync(PeerBed bed, Func<ClusterView, bool> isTaken)
    {
        var began = PeerBed.Sources.Time.GetTimestamp();
        await bed.UntilAsync("the other has taken over", isTaken);
        var took = PeerBed.Sources.Time.GetElapsedTime(began);
        bed.Note($"taken over after {took.TotalSeconds:0.0} s");
        Assert.True(took < Takeover + Busy, $"{took}");
    }

    private static NodeRecord? NodeOf(ClusterView view, string request) => view.Nodes.Of(request) is [var id, ..] ? view.Nodes.ById[id].Record : null;

    /// <summary>The slow launcher stays at each stage for as long as the test needs; the other would need no time for it.</summary>
    private static string Yaml(PeerBed bed, int scanPort, bool isSlow) =>
        PeerConfig.Labels("start", "wait", "scan", "clean", "delete")
        + PeerConfig.Provider(bed, "start", ["start"], isSlow ? "faults: [{operation: create, fault: lost-answer}]" : "")
        + PeerConfig.Provider(bed, "wait", ["wait"], isSlow ? "create-latency: 15" : "")
        + PeerConfig.Provider(bed, "scan", ["scan"], scanPort: scanPort)
        + PeerConfig.Provider(bed, "clean", ["clean"], isSlow ? "delete-latency: 12\nfaults: [{operation: create, fault: ends-in-rejected}]" : "")
        + PeerConfig.Provider(bed, "delete", ["delete"], isSlow ? "delete-latency: 12" : "");

    /// <summary>As much of ssh as the scan of a node with known keys wants to hear.</summary>
    private static async Task GreetAsync(TcpListener ssh)
    {
        try
        {
            while (true)
            {
                using var client = await ssh.AcceptTcpClientAsync(Ct);
                await client.GetStream().WriteAsync("SSH-2.0-test\r\n"u8.ToArray(), Ct);
            }
        }
        catch (Exception e) when (e is SocketException or IOException or ObjectDisposedException)
        {
            // The test is over.
        }
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
