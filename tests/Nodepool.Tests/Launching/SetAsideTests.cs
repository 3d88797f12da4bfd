using Nodepool.Core;
using Nodepool.Core.Collections;
using Nodepool.Core.Config;
using Nodepool.Core.Launching.Pools;
using Nodepool.Core.Model;
using Nodepool.Testing.View;

namespace Nodepool.Tests.Launching;

/// <summary>What a pool leaves of its provider's room to requests that have waited long in the pool next door.</summary>
public sealed class SetAsideTests
{
    private const int ProviderLimit = 4;

    private readonly ViewFixture _stored = new ViewFixture().Pool("me", "p", "main", ["small"]).Pool("other", "p", "second", ["large", "imaged"], paused: true)
        .Node("1", NodeState.InUse).Lock("1");

    [Fact]
    public void Request_ThatHasWaitedLongNextDoor_KeepsTheRoomThatItNeeds()
    {
        _stored.Request("100-1", RequestState.Requested, "large", "large", "large");

        Assert.Empty(Served(late: true));
        Assert.Equal(["200-1"], Served(late: false));
    }

    [Fact]
    public void Request_WhoseImageIsMissingNextDoor_KeepsNothing()
    {
        _stored.Request("100-1", RequestState.Requested, "imaged", "imaged", "imaged");

        Assert.Equal(["200-1"], Served(late: true));
    }

    [Fact]
    public void Request_ThatFindsTheOtherPoolItselfFull_KeepsNothing()
    {
        _stored.Request("100-1", RequestState.Requested, "large", "large", "large");

        Assert.Equal(["200-1"], Served(late: true, secondLimit: 2));
    }

    /// <summary>The others have to wait for the first of their party anyway.</summary>
    [Fact]
    public void Requests_OfOneParty_KeepRoomForTheFirst()
    {
        foreach (var id in new[] { "100-1", "100-2", "100-3" })
        {
            _stored.Request(id, RequestState.Requested, "large");
        }

        Assert.Equal(["200-1"], Served(late: true));
    }

    private IEnumerable<string> Served(bool late, int secondLimit = 10)
    {
        _stored.Request("200-1", RequestState.Requested, "small");
        PoolConfig main = new() { Name = "main", Labels = [new PoolLabelConfig { Name = "small" }] };
        PoolConfig second = new()
        {
            Name = "second",
            Limits = Quota.Of((Quota.Instances, secondLimit)),
            Labels = [new PoolLabelConfig { Name = "large" }, new PoolLabelConfig { Name = "imaged", DiskImage = "debian" }],
        };
        var model = new PoolModel
        {
            Key = new("p", "main"),
            ComponentId = "me",
            Provider = new ProviderConfig { Name = "p", Driver = "fake", Pools = [main, second] },
            Config = main,
            Costs = new ValueMap<Quota>([new("small", Quota.Of((Quota.Instances, 1)))]),
            ProviderLimits = Quota.Of((Quota.Instances, ProviderLimit)),
        };
        var now = ViewFixture.Now + (late ? FairOrder.Patience.TotalSeconds : 0);
        return PoolPlanner.Plan(_stored.View, model, now).Requests.OfType<PoolAction.Assign>().Select(assign => assign.Request.Id);
    }
}
