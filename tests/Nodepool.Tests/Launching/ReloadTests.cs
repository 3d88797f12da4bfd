using Nodepool.Core;
using Nodepool.Core.Collections;
using Nodepool.Core.Config;
using Nodepool.Core.Model;
using Nodepool.Providers.Fake;
using Nodepool.Providers.Fake.Cloud;

namespace Nodepool.Tests.Launching;

/// <summary>A change of the configuration touches what it is about and nothing else.</summary>
public sealed class ReloadTests
{
    private static readonly TimeSpan Launch = TimeSpan.FromSeconds(60);

    private readonly ReloadBed _bed = new(Config(Pool("one", 5, "red"), Pool("two", 5, "blue")));

    public ReloadTests()
    {
        _bed.Cloud.Behaviour.CreateLatency = Launch;
        _bed.StartLauncher();
        _bed.Until(() => _bed.Pool("one") is not null && _bed.Pool("two") is not null, "both pools run");
    }

    [Fact]
    public void Label_AddedAndLimitChanged_NothingBeginsAnew()
    {
        LaunchBoth();
        var (red, blue, calls, leases) = (_bed.Node("red")!, _bed.Node("blue")!, Calls(), Leases());

        _bed.Configurations.Publish(Config(Pool("one", 7, "red", "green"), Pool("two", 5, "blue")));
        _bed.Until(() => _bed.Pool("one")!.SupportedLabels.Contains("green"), "the pool says what it has now");
        _bed.Request("200-0000000009", "green");
        _bed.Until(() => _bed.Node("green") is not null, "the new label is launched");

        Assert.Single(_bed.Opened);
        Assert.Equal(0, _bed.Closed);
        Assert.Equal(leases, Leases());
        Assert.Equal(red.Contenders, _bed.Node("red")!.Contenders);
        Assert.Equal(blue.Contenders, _bed.Node("blue")!.Contenders);

        // A launch that began anew would have asked the cloud again at once.
        Assert.Equal(calls, Calls());
        Finish("red", "blue", "green");
        Assert.Equal(3, _bed.Cloud.Count(FakeOperation.Create));
    }

    [Fact]
    public void Section_Changed_WhatThePoolRefusedIsConsideredAgain()
    {
        _bed.Configurations.Publish(Config(Pool("one", 1, "red"), Pool("two", 2, "red")));
        _bed.Until(() => _bed.Pool("two")!.SupportedLabels.Contains("red"), "both have red");
        _bed.Request("200-0000000001", "red", "red");
        _bed.Until(() => _bed.Stored("200-0000000001")?.State == RequestState.Pending, "the larger pool serves it");
        _bed.Request("200-0000000002", "red", "red");
        _bed.Until(() => _bed.Stored("200-0000000002")?.DeclinedBy.Count == 1, "the smaller pool cannot serve it, the larger is full");

        _bed.Configurations.Publish(Config(Pool("one", 2, "red"), Pool("two", 2, "red")));

        _bed.Until(() => _bed.Stored("200-0000000002")?.State == RequestState.Pending, "the pool that has grown serves it");
        Assert.Equal("one", _bed.Feed.Current.Nodes.Of("200-0000000002").Select(id => _bed.Feed.Current.Nodes.ById[id].Record!.Pool).Distinct().Single());
    }

    [Fact]
    public void Pool_ThatIgnoresTheCloudsLimits_TriesAllTheSame()
    {
        _bed.Cloud.Behaviour.Limits = Quota.Of((Quota.Instances, 1));
        _bed.Configurations.Publish(Config(Pool("one", 5, "red"), Pool("two", 5, "blue") with { IgnoresProviderLimits = true }));
        _bed.Pass(TimeSpan.FromSeconds(1));

        _bed.Request("200-0000000001", "red", "red");
        _bed.Request("200-0000000002", "blue", "blue");

        _bed.Until(() => _bed.Stored("200-0000000001")?.State == RequestState.Failed, "more than the cloud has is refused");
        _bed.Until(() => _bed.Stored("200-0000000002")?.State == RequestState.Pending, "the pool that ignores it tries");
    }

    [Fact]
    public void ProviderKeys_ThatLaunchersRead_CountAtOnceWithoutOpeningAnew()
    {
        LaunchBoth();
        var changed = Config(Pool("one", 5, "red"), Pool("two", 5, "blue"));
        _bed.Configurations.Publish(changed with { Providers = [changed.Providers[0] with { LaunchTimeout = TimeSpan.FromSeconds(1), MaxConcurrency = 2 }] });
        _bed.Pass(TimeSpan.FromSeconds(1));
        _bed.Request("200-0000000003", "red");
        _bed.Pass(TimeSpan.FromSeconds(5));

        Assert.Single(_bed.Opened);
        Assert.Equal(RequestState.Requested, _bed.Stored("200-0000000003")!.State);
        Finish("red", "blue");
    }

    [Fact]
    public void ProviderKeys_ThatItIsOpenedWith_OpenAnewAndLaunchesGoOn()
    {
        LaunchBoth();
        var (red, token) = (_bed.Node("red")!.Id, _bed.Node("red")!.Record!.Launch!.Token);
        var changed = Config(Pool("one", 5, "red"), Pool("two", 5, "blue"));
        _bed.Configurations.Publish(changed with { Providers = [changed.Providers[0] with { Options = new FakeOptions { Region = "other" } }] });
        _bed.Until(() => _bed.Opened.Count == 2 && _bed.Closed == 1, "the provider is opened anew, the old one closed");

        Finish("red", "blue");

        Assert.Equal((red, token), (_bed.Node("red")!.Id, _bed.Node("red")!.Record!.Launch!.Token));
        Assert.Equal(2, _bed.Cloud.Count(FakeOperation.Create));
        Assert.Equal(2, _bed.Cloud.Truth.Servers.Count);
    }

    [Fact]
    public void Pool_Removed_ItsNodesGoAndItsNeighbourNoticesNothing()
    {
        LaunchBoth();
        var blue = _bed.Node("blue")!;

        _bed.Configurations.Publish(Config(Pool("two", 5, "blue")));
        _bed.Until(() => _bed.Node("red") is null && _bed.Pool("one") is null, "what the pool had begun ends");

        Assert.Equal(blue.Contenders, _bed.Node("blue")!.Contenders);
        Assert.Equal(0, _bed.Closed);
        _bed.Until(() => _bed.Stored("200-0000000001")?.State == RequestState.Failed, "no pool is left for its request");
        Finish("blue");
    }

    [Fact]
    public void Label_Removed_ItsIdleNodeGoes()
    {
        LaunchBoth();
        Finish("red", "blue");
        _bed.Do(() => _bed.Engine.CommitAsync([new Core.State.Write.Delete(NodepoolPaths.Request("200-0000000001"), -1)], CancellationToken.None).AsTask());
        _bed.Until(() => _bed.Node("red")!.Record!.IsIdle, "red is idle");

        _bed.Configurations.Publish(Config(Pool("one", 5, "green"), Pool("two", 5, "blue")));

        _bed.Until(() => _bed.Node("red") is null, "nobody could get it any more");
        Assert.NotNull(_bed.Node("blue"));
    }

    [Fact]
    public void MinReady_Changed_IsKeptAtOnceAndNothingElseMoves()
    {
        LaunchBoth();
        var leases = Leases();
        var same = Config(Pool("one", 5, "red"), Pool("two", 5, "blue"));
        _bed.Configurations.Publish(same with { Labels = [new() { Name = "red", MinReady = 1 }, new() { Name = "blue" }] });
        _bed.Until(() => _bed.Cloud.Count(FakeOperation.Create) == 3, "a ready node is ordered");

        Assert.Equal(leases, Leases());
        Assert.Single(_bed.Opened);
    }

    private void LaunchBoth()
    {
        _bed.Request("200-0000000001", "red");
        _bed.Request("200-0000000002", "blue");
        _bed.Until(() => _bed.Cloud.Count(FakeOperation.Create) == 2 && IsStored("red") && IsStored("blue"), "both launches are under way");
        _bed.Pass(TimeSpan.FromSeconds(1));

        bool IsStored(string label) => _bed.Node(label)?.Record is { ExternalId.IsNull: false };
    }

    private void Finish(params string[] labels) =>
        _bed.Until(() => labels.All(label => _bed.Node(label)?.Record?.State == NodeState.Ready), $"{string.Join(',', labels)} ready");

    /// <summary>Calls about instances that exist.</summary>
    private long Calls() => _bed.Cloud.Count(FakeOperation.Get) + _bed.Cloud.Count(FakeOperation.List);

    /// <summary>Who runs what: another entry would mean that a part has begun anew.</summary>
    private string[] Leases() => [.. _bed.Tree.Snapshot(NodepoolPaths.Leases).Select(entry => entry.Path)];

    private static NodepoolConfig Config(params PoolConfig[] pools) => new()
    {
        Labels = pools.SelectMany(pool => pool.Labels).Select(label => new LabelConfig { Name = label.Name }).DistinctBy(label => label.Name).ToValueList(),
        Providers = [new ProviderConfig { Name = "cloud", Driver = "fake", Options = new FakeOptions(), Pools = pools.ToValueList() }],
    };

    private static PoolConfig Pool(string name, int most, params string[] labels) => new()
    {
        Name = name,
        Limits = Quota.Of((Quota.Instances, most)),
        Labels = labels.Select(label => new PoolLabelConfig { Name = label, HostKeyChecking = false, Options = new FakeLabelOptions(FakeFlavor.All[0]) }).ToValueList(),
    };
}
