using Nodepool.Core.Collections;
using Nodepool.Core.Config;
using Nodepool.Core.Explaining;
using Nodepool.Core.Model;
using Nodepool.Core.Operations;
using Nodepool.Status;
using Nodepool.Testing.View;

namespace Nodepool.Tests.Explaining;

/// <summary>What people are told about places in the queue is what pools decide by.</summary>
public sealed class WaitingOrderTests
{
    private readonly ViewFixture _stored = new ViewFixture().Pool("main", "p", "main", ["small"])
        .Node("1", NodeState.InUse, change: node => node with { TenantName = "flood" }).Lock("1");

    [Fact]
    public void PlacesAndProgress_FollowTheFairOrder()
    {
        Ask("200-1", "flood").Ask("200-2", "flood").Ask("200-3", "quiet")._stored.Request("200-0", RequestState.Pending, "small");
        var order = new WaitingOrder(_stored.View, ViewFixture.Now);

        Assert.Equal(["200-3", "200-1", "200-2"], order.Requests.Select(request => request.Id));
        Assert.Equal((1, 2, 3, null), (order.PlaceOf("200-3"), order.PlaceOf("200-1"), order.PlaceOf("200-2"), order.PlaceOf("200-0")));
        Assert.Equal("waits for a pool to take it", Progress("200-3"));
        Assert.Equal("waits behind 1 other request", Progress("200-1"));
        Assert.Equal("waits behind 2 other requests", Progress("200-2"));
        Assert.Equal(["200-0", "200-3", "200-1", "200-2"], RequestSection.Of(_stored.View, null, ViewFixture.Now).Rows.Select(row => row[0].Text));
    }

    [Fact]
    public void Weights_AreThoseThatPoolsTell()
    {
        var tenants = new ValueMap<TenantTerms>([new("flood", new TenantTerms(ValueMap<long>.Empty, 4)), new("other", new TenantTerms(ValueMap<long>.Empty, 1))]);
        Ask("200-1", "flood").Ask("200-2", "flood").Ask("200-3", "other").Ask("200-4", "other")
            ._stored.Put(NodepoolPaths.NewPoolTerms + "0", new PoolTermsRecord { Component = "main", Provider = "p", Pool = "main", Tenants = tenants }.Write());

        // One node of weight 4 is a quarter: after the older request of the tenant that has none, the flood's turn comes twice.
        Assert.Equal(["200-3", "200-1", "200-2", "200-4"], new WaitingOrder(_stored.View, ViewFixture.Now).Requests.Select(request => request.Id));
    }

    private string Progress(string id) => RequestProgress.Of(_stored.View, new NodepoolConfig(), new WaitingOrder(_stored.View, ViewFixture.Now), id).Text;

    private WaitingOrderTests Ask(string id, string tenant)
    {
        _stored.Request(id, RequestState.Requested, request => request with { TenantName = tenant }, "small");
        return this;
    }
}
