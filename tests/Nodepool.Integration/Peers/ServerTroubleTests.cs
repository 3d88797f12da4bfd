using System.Text;
using System.Text.Json.Nodes;
using Nodepool.Core.Model;
using Nodepool.Core.Operations;
using Nodepool.Core.State;
using Nodepool.Core.View;
using Nodepool.Testing.ZooKeeper;

namespace Nodepool.Integration.Peers;

/// <summary>A server of one's own, to be killed, kept away and filled.</summary>
public sealed class ServerTroubleTests(ITestOutputHelper output) : IAsyncLifetime
{
    private const int Many = 20_000;

    private readonly TestCertificates _certificates = new();
    private ZooKeeperServer _server = null!;

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => _server = await ZooKeeperServer.StartAsync(_certificates, Ct);

    public async ValueTask DisposeAsync()
    {
        await _server.DisposeAsync();
        _certificates.Dispose();
    }

    /// <summary>Killed and started again twice, in the middle of everything: the launcher's session goes on, and so does what it was at.</summary>
    [Fact]
    public async Task Server_RestartedUnderLoad_CostsNoRequestAndNoSession()
    {
        await using var bed = await PeerBed.CreateAsync(output, _server);
        var launcher = bed.Launch("one", PeerConfig.Labels(1, "small") + PeerConfig.Provider(bed, "cloud", ["small"], "create-latency: 0.5"), TimeSpan.FromSeconds(60));
        await bed.UntilAsync("min-ready", view => view.Nodes.ById.Values.Any(node => node.Record is { IsIdle: true }));
        var components = bed.View.Components.Keys.Order().ToList();

        var requests = new List<string>();
        for (var round = 0; round < 2; round++)
        {
            for (var i = 0; i < 15; i++)
            {
                requests.Add(await AskAsync(bed, $"{round}-{i}"));
            }

            await bed.UntilAsync("launches under way", view => view.Nodes.ById.Values.Any(node => node.Record!.State == NodeState.Building));
            await _server.KillAsync();
            await _server.StartAgainAsync(Ct);
        }

        await bed.UntilAsync("all are fulfilled", view => requests.All(id => view.Requests.GetValueOrDefault(id)?.Record?.State == RequestState.Fulfilled));
        Assert.Equal(requests.Count, requests.SelectMany(id => bed.View.Requests[id].Record!.Nodes).Distinct().Count());
        Assert.Equal(components, bed.View.Components.Keys.Order());
        Assert.DoesNotContain("session has ended", launcher.Error, StringComparison.Ordinal);
        await bed.UntilNothingLeaksAsync("cloud");
        bed.NobodyOffended();
    }

    /// <summary>No server for longer than the session lasts: the launcher stops by itself, and begins anew with a new session.</summary>
    [Fact]
    public async Task Server_AwayForLongerThanTheSession_EndsItAndTheLauncherBeginsAnew()
    {
        await using var bed = await PeerBed.CreateAsync(output, _server);
        var launcher = bed.Launch("one", PeerConfig.Labels(1, "small") + PeerConfig.Provider(bed, "cloud", ["small"], "create-latency: 6"));
        await bed.UntilAsync("a launch under way", view => view.Nodes.ById.Values.Any(node => node.Record is { State: NodeState.Building } && node.Record.ExternalId.AsText() is not null));
        var node = Assert.Single(bed.View.Nodes.ById.Keys);
        var instance = Assert.Single(await bed.CloudAsync("cloud")).Id;

        await _server.KillAsync();
        await launcher.SaysAsync("the store's session has ended");
        await _server.StartAgainAsync(Ct);

        await bed.UntilAsync("the launch was gone on with", view => view.Nodes.ById.Values.Any(other => other.Record is { IsIdle: true } && !other.IsLocked));
        Assert.Equal((node, instance), (Assert.Single(bed.View.Nodes.ById.Keys), bed.View.Nodes.ById[node].Record!.ExternalId.AsText()));
        await bed.UntilAsync("one pool, one launcher", view => view.Pools.Count() == 1 && view.Components.Count == 2);
    }

    /// <summary>A tree that is as large as trees get: read whole at the start, served from at once, and left as it is.</summary>
    [Fact]
    public async Task Tree_OfTwentyThousandNodesAndRequests_IsServedFrom()
    {
        await using var bed = await PeerBed.CreateAsync(output, _server);
        await FillAsync(bed, NodepoolPaths.NewNode, PythonRecords.Node("ready", "elsewhere", "main", "small", request: "200-0000000001"));
        await FillAsync(bed, NodepoolPaths.NewRequest(200), PythonRecords.Request("fulfilled", "small"));
        await bed.UntilAsync("the test sees all", view => view.Nodes.ById.Count == Many && view.Requests.Count == Many);

        var began = PeerBed.Sources.Time.GetTimestamp();
        var launcher = bed.Launch("one", PeerConfig.Labels("small") + PeerConfig.Provider(bed, "cloud", ["small"]));
        var id = await AskAsync(bed, "one of many");
        await bed.UntilAsync("served", view => view.Requests.GetValueOrDefault(id)?.Record?.State == RequestState.Fulfilled);
        var memory = (await File.ReadAllLinesAsync($"/proc/{launcher.Id}/status", Ct)).First(line => line.StartsWith("VmRSS", StringComparison.Ordinal));
        bed.Note($"served {PeerBed.Sources.Time.GetElapsedTime(began).TotalSeconds:0.0} s after the start; {memory}");

        Assert.True(long.Parse(memory.Split(' ', StringSplitOptions.RemoveEmptyEntries)[1], System.Globalization.CultureInfo.InvariantCulture) < 600_000, memory);
        Assert.Equal((Many + 1, Many + 1), (bed.View.Nodes.ById.Count, bed.View.Requests.Count));
        Assert.Equal(Many, bed.View.Nodes.ById.Values.Count(node => node.Version == 0));
    }

    private static async Task FillAsync(PeerBed bed, string prefix, JsonObject record)
    {
        var data = Encoding.UTF8.GetBytes(record.ToJsonString());
        foreach (var chunk in Enumerable.Range(0, Many).Chunk(500))
        {
            await bed.Engine.CommitAsync([.. chunk.Select(_ => new Write.Create(prefix, data, CreateModes.Sequential))], Ct);
        }
    }

    /// <summary>Asks for one node; when the answer is lost, the name of the client tells whether it was heard.</summary>
    private static async Task<string> AskAsync(PeerBed bed, string requestor)
    {
        while (true)
        {
            try
            {
                return await new RequestActions(bed.Engine, PeerBed.Sources, new ClientIdentity("tester", "test")).SubmitAsync(
                    new NewNodeRequest { Labels = ["small"], Requestor = requestor }, endsWithSession: false, Ct);
            }
            catch (StateException e) when (e.Fault == StateFault.OutcomeUnknown)
            {
                var view = await LookAsync(bed);
                if (view.Requests.Values.FirstOrDefault(request => request.Record?.Requestor == requestor) is { } known)
                {
                    return known.Id;
                }
            }
        }
    }

    private static async Task<ClusterView> LookAsync(PeerBed bed)
    {
        await foreach (var batch in bed.Engine.WatchAsync(NodepoolPaths.Root, Ct))
        {
            return new ClusterView().After(batch);
        }

        throw new InvalidOperationException("The watch has ended.");
    }
}
