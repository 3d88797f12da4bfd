using Nodepool.Core.Model;

namespace Nodepool.Tests.Launching;

/// <summary>Launches in availability zones, one of which has no room.</summary>
public sealed class ZoneLaunchTests
{
    private readonly ReloadBed _bed = new(OnePool.Config());

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public void ZoneWithoutRoom_IsLeftAtOnceByWhoeverIsSentThere(int nodes)
    {
        _bed.Cloud.Behaviour.FullZones = ["az1"];
        _bed.StartLauncher();
        _bed.Until(() => _bed.Pool("main") is not null, "the pool runs");
        string[] requests = [.. Enumerable.Range(1, 8).Select(i => $"200-{i:D10}")];
        foreach (var request in requests)
        {
            _bed.Request(request, [.. Enumerable.Repeat("red", nodes)]);
        }

        _bed.Pass(TimeSpan.FromSeconds(30));

        Assert.All(requests, request => Assert.Equal(RequestState.Fulfilled, _bed.Stored(request)?.State));
        Assert.Equal(["az2"], _bed.Cloud.Truth.Servers.Select(server => server.Zone).Distinct());
        Assert.Equal(nodes > 1, requests.Any(request => _bed.Stored(request)!.FailedZones.Contains("cloud/az1")));
    }

    /// <summary>East is known to be full; who is refused in the north then is not sent there.</summary>
    [Fact]
    public void RetryOfASingleNode_LeavesOutAZoneThatIsKnownToBeBad()
    {
        _bed.Cloud.Behaviour.Zones = ["north", "north-east", "south"];
        _bed.Cloud.Behaviour.FullZones = ["north-east"];
        _bed.StartLauncher();
        _bed.Until(() => _bed.Pool("main") is not null, "the pool runs");
        string[] first = [.. Enumerable.Range(1, 30).Select(i => $"200-{i:D10}")];
        foreach (var request in first)
        {
            _bed.Request(request, "red");
        }

        _bed.Until(() => first.All(request => _bed.Stored(request)?.State == RequestState.Fulfilled), "all are served, and the zone is known");
        _bed.Cloud.Behaviour.FullZones = ["north-east", "north"];
        string[] second = [.. Enumerable.Range(31, 3).Select(i => $"200-{i:D10}")];
        foreach (var request in second)
        {
            _bed.Request(request, "red");
        }

        _bed.Until(() => second.All(request => _bed.Stored(request)?.State == RequestState.Fulfilled), "they are served");

        int[] attempts = [.. second.Select(request => _bed.Feed.Current.Nodes.ById[_bed.Stored(request)!.Nodes[0]].Record!.Launch!.Attempt)];
        Assert.Contains(2, attempts);
        Assert.DoesNotContain(3, attempts);
    }

    /// <summary>The zone works for one of the two and then no more: nobody gets nodes of both.</summary>
    [Fact]
    public void ZoneThatFillsUpUnderASet_IsLeftByAllOfIt()
    {
        _bed.StartLauncher();
        _bed.Until(() => _bed.Pool("main") is not null, "the pool runs");
        _bed.Cloud.Behaviour.Decide = (operation, _) =>
        {
            _bed.Cloud.Behaviour.FullZones = _bed.Cloud.Truth.Servers.Count == 1 ? [_bed.Cloud.Truth.Servers[0].Zone!] : _bed.Cloud.Behaviour.FullZones;
            return null;
        };
        _bed.Request("200-0000000001", "red", "red");

        _bed.Until(() => _bed.Stored("200-0000000001")?.State == RequestState.Fulfilled, "it is served");

        var zones = _bed.Stored("200-0000000001")!.Nodes.Select(node => _bed.Feed.Current.Nodes.ById[node].Record!.Az).Distinct().ToList();
        Assert.NotEqual(_bed.Cloud.Behaviour.FullZones[0], Assert.Single(zones));
        Assert.Equal(["cloud/" + _bed.Cloud.Behaviour.FullZones[0]], _bed.Stored("200-0000000001")!.FailedZones);
    }
}
