using Nodepool.Core;
using Nodepool.Core.Collections;
using Nodepool.Core.Config;
using Nodepool.Core.Launching.Duties;
using Nodepool.Core.Model;
using Nodepool.Core.Model.Json;
using Nodepool.Core.Providers;
using Nodepool.Core.View;
using Nodepool.Testing.View;

namespace Nodepool.Tests.Launching;

public sealed class DutyPlannerTests
{
    private static readonly NodepoolConfig Config = new()
    {
        Labels = [new LabelConfig { Name = "small", MinReady = 2, MaxReadyAge = TimeSpan.FromSeconds(50) }],
        MaxHoldAge = TimeSpan.FromSeconds(500),
        Providers = [new ProviderConfig { Name = "p", Driver = "fake", Pools = [new PoolConfig { Name = "main", Labels = [new PoolLabelConfig { Name = "small", DiskImage = "i" }] }] }],
    };

    private readonly ViewFixture _stored = new ViewFixture().Pool("me", "p", "main", ["small"]).Upload("i", "b", "p", "0", ImageState.Ready, 1);

    [Fact]
    public void MinReady_NothingThere_RequestsAll() => Assert.Equal(["small", "small"], Plan().Create.Select(wish => wish.Label));

    [Fact]
    public void MinReady_IdleWaitingAndOrphans_Count()
    {
        _stored.Node("1", NodeState.Ready);
        Assert.Equal(["small"], Plan().Create.Select(wish => wish.Label));

        _stored.Request("900-1", RequestState.Requested, request => request with { Requestor = MinReadyPlanner.Requestor }, "small");
        Assert.Empty(Plan().Create);

        _stored.Node("2", NodeState.Building, request: "200-gone");
        Assert.Empty(Plan().Create);
    }

    [Fact]
    public void MinReady_AllocatedNodes_DoNotCount()
    {
        _stored.Node("1", NodeState.Ready, request: "200-1").Request("200-1", RequestState.Fulfilled, "small");

        Assert.Equal(["small", "small"], Plan().Create.Select(wish => wish.Label));
    }

    /// <summary>Nobody can give them out.</summary>
    [Fact]
    public void MinReady_NodesOfPoolsThatNobodyHas_DoNotCount()
    {
        _stored.Node("1", NodeState.Ready, change: node => node with { Provider = "gone" }).Node("2", NodeState.Ready)
            .Node("3", NodeState.Building, request: "200-gone", change: node => node with { Provider = "gone" });

        Assert.Empty(Plan().Create);
        Assert.Equal(["small"], MinReadyPlanner.Plan(_stored.View, Config, _ => false, ViewFixture.Now, left: [new PoolKey("gone", "main")]).Create.Select(wish => wish.Label));
    }

    [Fact]
    public void MinReady_NoImageOrNoPool_AsksForNothing()
    {
        Assert.Empty(MinReadyPlanner.Plan(new ViewFixture().Pool("me", "p", "main", ["small"]).View, Config, _ => false, ViewFixture.Now).Create);
        Assert.Empty(MinReadyPlanner.Plan(new ViewFixture().Upload("i", "b", "p", "0", ImageState.Ready, 1).View, Config, _ => false, ViewFixture.Now).Create);
    }

    [Fact]
    public void MinReady_Delayed_Waits() => Assert.Empty(MinReadyPlanner.Plan(_stored.View, Config, _ => true, ViewFixture.Now).Create);

    [Theory]
    [InlineData(true, true)]
    [InlineData(false, false)]
    public void MinReady_RefusedByOnePoolWhileTheOtherIsFull_IsAskedForAnew(bool isFull, bool isFinished)
    {
        _stored.Pool("other", "q", "main", ["small"], paused: isFull)
            .Request("900-1", RequestState.Requested, request => request with { Requestor = MinReadyPlanner.Requestor, RequestorData = MinReadyPlanner.RequestorData, DeclinedBy = ["me"] }, "small");

        Assert.Equal(isFinished, Plan().Finish.Count == 1);
    }

    [Fact]
    public void MinReady_EndedRequests_AreFinishedForeignOnesLeft()
    {
        _stored.Request("900-1", RequestState.Fulfilled, request => request with { Requestor = MinReadyPlanner.Requestor, RequestorData = MinReadyPlanner.RequestorData }, "small")
            .Request("900-2", RequestState.Failed, request => request with { Requestor = MinReadyPlanner.Requestor, RequestorData = MinReadyPlanner.RequestorData }, "small")
            .Request("200-3", RequestState.Failed, "small");

        Assert.Equal(["900-1", "900-2"], Plan().Finish.Select(request => request.Id));
    }

    [Fact]
    public void Ages_OldNodes_AreFound()
    {
        _stored.Node("1", NodeState.Ready).Node("2", NodeState.Hold, change: node => node with { HoldExpiration = 100 }).Node("3", NodeState.Hold);

        Assert.Empty(Aged(ViewFixture.Now + 49));
        Assert.Equal(["1"], Aged(ViewFixture.Now + 51));
        Assert.Equal(["1", "2"], Aged(ViewFixture.Now + 100));
        Assert.Equal(["1", "2", "3"], Aged(ViewFixture.Now + 500));
        Assert.Empty(AgePlanner.Plan(_stored.View, Config, "q", ViewFixture.Now + 500));
    }

    [Fact]
    public void Ages_LockedNodes_AreLeftAlone()
    {
        _stored.Node("1", NodeState.Ready).Lock("1").Node("2", NodeState.Hold).Lock("2");

        Assert.Empty(Aged(ViewFixture.Now + 9999));
    }

    [Fact]
    public void Housekeeping_PendingWithoutAnybody_IsLost()
    {
        _stored.Request("200-1", RequestState.Pending, "small").Request("200-2", RequestState.Pending, "small").Node("2", NodeState.Building, request: "200-2")
            .Request("200-3", RequestState.Pending, "small").Put(NodepoolPaths.RequestLock("200-3"), default).Put(NodepoolPaths.RequestLock("200-3") + "/00__lock__0000000001", default);

        Assert.Equal(["200-1"], At(ViewFixture.Now).Lost.Select(request => request.Id));
    }

    [Fact]
    public void Housekeeping_LockDirectoryOfGoneRequest_GoesLater()
    {
        _stored.Put(NodepoolPaths.RequestLock("200-9"), default, createdMs: (long)(ViewFixture.Now * 1000));

        Assert.Empty(At(ViewFixture.Now + 599).StaleLocks);
        Assert.Equal("200-9", Assert.Single(At(ViewFixture.Now + 601).StaleLocks).Request);
    }

    [Fact]
    public void Leaks_OnlyOursWithoutARecord_AreFound()
    {
        _stored.Node("1", NodeState.Ready).Upload("i", "c", "p", "0", ImageState.Uploading, 1);
        CloudResource[] listed =
        [
            Instance("owned", "p", "1", "np-1"), Instance("attempt before", "p", "1", "np-0"), Instance("no record", "p", "2", "np-2"), Instance("other provider", "q", "2", "np-2"),
            Image("ext-b-0", "b", "0"), Image("of an upload in progress", "c", "0"), Image("left by a try before", "b", "0"), Image("no upload", "b", "1"),
            new("snapshot", "part of an image", Image("", "b", "0").Metadata, Quota.Zero), new("instance", "foreign", ValueMap<string>.Empty, Quota.Zero),
        ];

        Assert.Equal(["attempt before", "no record", "left by a try before", "no upload"], LeakPlanner.Unowned(_stored.View, "p", listed).Select(resource => resource.ExternalId));
    }

    [Fact]
    public void Leaks_HalfMadeThings_AreKnownByName()
    {
        _stored.Node("1", NodeState.Building);
        CloudResource[] listed = [Named("instance", "np-1"), Named("instance", "np-9"), Named("image", "i-b-5")];
        Assert.Equal(["np-9", "i-b-5"], LeakPlanner.Unowned(_stored.View, "p", listed).Select(resource => resource.ExternalId));

        _stored.Upload("i", "b", "p", "5", ImageState.Uploading, 1);
        Assert.Equal(["np-9"], LeakPlanner.Unowned(_stored.View, "p", listed).Select(resource => resource.ExternalId));
    }

    [Fact]
    public void Losses_IdleNodesThatDoNotRun_AreFoundWhenTheyHaveSettled()
    {
        _stored.Node("1", NodeState.Ready, change: With("a")).Node("2", NodeState.Ready, change: With("b")).Node("3", NodeState.Ready, change: With("c"))
            .Node("4", NodeState.InUse, change: With("d")).Node("5", NodeState.Ready, change: With("e")).Lock("5").Node("6", NodeState.Ready, request: "200-1", change: With("f"));
        CloudResource[] listed = [Instance("a", "p", "1", "np-1"), Instance("b", "p", "2", "np-2") with { IsRunning = false }];

        Assert.Empty(LossPlanner.Lost(_stored.View, "p", listed, ViewFixture.Now + 59));
        Assert.Equal(["2", "3"], LossPlanner.Lost(_stored.View, "p", listed, ViewFixture.Now + 61).Select(node => node.Id));
        Assert.Empty(LossPlanner.Lost(_stored.View, "q", listed, ViewFixture.Now + 61));
    }

    private static Func<NodeRecord, NodeRecord> With(string externalId) => node => node with { ExternalId = RawJson.FromText(externalId) };

    private static CloudResource Named(string type, string name) =>
        new(type, name, new ValueMap<string>([new(NodeMetadata.ProviderName, "p"), new(NodeMetadata.Token, name)]), Quota.Zero);

    private static CloudResource Instance(string id, string provider, string node, string token) => new("instance", id, new ValueMap<string>(
        [new(NodeMetadata.ProviderName, provider), new(NodeMetadata.NodeId, node), new(NodeMetadata.Token, token)]), Quota.Zero);

    private static CloudResource Image(string id, string build, string upload) => new("image", id, new ValueMap<string>(
        [new(NodeMetadata.ProviderName, "p"), new(ImageMetadata.BuildId, build), new(ImageMetadata.UploadId, upload)]), Quota.Zero);

    private MinReadyPlan Plan() => MinReadyPlanner.Plan(_stored.View, Config, _ => false, ViewFixture.Now);

    private IEnumerable<string> Aged(double now) => AgePlanner.Plan(_stored.View, Config, "p", now).Select(node => node.Id);

    private HousekeepingPlan At(double now) => HousekeepingPlanner.Plan(_stored.View, Config, now);
}
