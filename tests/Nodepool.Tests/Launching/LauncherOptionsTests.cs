using Nodepool.Core;
using Nodepool.Core.Collections;
using Nodepool.Core.Config;
using Nodepool.Core.Launching;
using Nodepool.Core.Launching.Pools;
using Nodepool.Core.Model;
using Nodepool.Core.View;
using Nodepool.Testing.View;

namespace Nodepool.Tests.Launching;

/// <summary>What --no-launches and --no-deletes leave out of the plans, and what they leave in.</summary>
public sealed class LauncherOptionsTests
{
    private static readonly LauncherOptions NoLaunches = new() { Launches = false };
    private static readonly LauncherOptions NoDeletes = new() { Deletes = false };

    private readonly ViewFixture _stored = new ViewFixture().Pool("me", "p", "main", ["small", "large"]);

    [Fact]
    public void NoLaunches_IdleNodes_StillServe()
    {
        _stored.Node("1", NodeState.Ready).Request("200-1", RequestState.Requested, "small");

        Assert.Equal(["1"], Assert.IsType<PoolAction.Assign>(Assert.Single(Plan(NoLaunches).Requests)).Reused.Select(node => node.Id));
    }

    [Fact]
    public void NoLaunches_ARequestThatNeedsANewNode_WaitsAndKeepsNothingFromThoseBehindIt()
    {
        _stored.Node("1", NodeState.Ready).Request("200-1", RequestState.Requested, "small", "small").Request("200-2", RequestState.Requested, "small");

        var plan = Plan(NoLaunches);

        Assert.Equal("200-2", Assert.IsType<PoolAction.Assign>(Assert.Single(plan.Requests)).Request.Id);
        Assert.True(plan.IsPaused);
        Assert.Empty(Plan(NoLaunches, maxServers: 1).Requests.OfType<PoolAction.Evict>());
    }

    [Fact]
    public void NoLaunches_WhatWasBegun_IsFinishedAndDeletionsGoOn()
    {
        _stored.Node("1", NodeState.Building, change: node => node with { Launch = new LaunchRecord { Token = "t" } }).Node("2", NodeState.Used);

        var plan = Plan(NoLaunches);

        Assert.Equal(["1"], plan.Launch);
        Assert.Equal(["2"], plan.Delete);
    }

    [Fact]
    public void NoDeletes_UsedNodesStay_AndNothingIsEvicted()
    {
        _stored.Node("1", NodeState.Used).Node("2", NodeState.Ready, "large").Request("200-1", RequestState.Requested, "small");

        Assert.Equal(["1"], Plan(LauncherOptions.All, maxServers: 2).Delete);
        Assert.Single(Plan(LauncherOptions.All, maxServers: 1).Requests.OfType<PoolAction.Evict>());
        Assert.Empty(Plan(NoDeletes, maxServers: 2).Delete);
        Assert.Empty(Plan(NoDeletes, maxServers: 1).Requests);
    }

    [Fact]
    public void NoDeletes_LaunchesGoOn()
    {
        _stored.Request("200-1", RequestState.Requested, "small");

        Assert.Equal(["small"], Assert.IsType<PoolAction.Assign>(Assert.Single(Plan(NoDeletes).Requests)).Launches);
    }

    [Fact]
    public void SwitchedOff_IsRegisteredAndReadBack()
    {
        var both = new LauncherOptions { Launches = false, Deletes = false };
        var record = new ComponentRecord { Kind = "launcher", Hostname = "h", SwitchedOff = both.SwitchedOff };

        Assert.Equal(["launches", "deletes"], ComponentRecord.Read(record.Write().Span).SwitchedOff);
        Assert.DoesNotContain("switched_off", System.Text.Encoding.UTF8.GetString((record with { SwitchedOff = LauncherOptions.All.SwitchedOff }).Write().Span), StringComparison.Ordinal);
    }

    private PoolPlan Plan(LauncherOptions options, int maxServers = 10)
    {
        var pool = new PoolConfig
        {
            Name = "main",
            Limits = Quota.Of((Quota.Instances, maxServers)),
            Labels = [new PoolLabelConfig { Name = "small" }, new PoolLabelConfig { Name = "large" }],
        };
        return PoolPlanner.Plan(_stored.View, new PoolModel
        {
            Key = new PoolKey("p", "main"),
            ComponentId = "me",
            Provider = new ProviderConfig { Name = "p", Driver = "fake", Pools = [pool] },
            Config = pool,
            Costs = new ValueMap<Quota>(pool.Labels.Select(label => KeyValuePair.Create(label.Name, Quota.Of((Quota.Instances, 1))))),
            Options = options,
        }, ViewFixture.Now);
    }
}
