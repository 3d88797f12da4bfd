using Nodepool.Core;
using Nodepool.Core.Collections;
using Nodepool.Core.Config;
using Nodepool.Core.Launching;
using Nodepool.Core.Model;
using Nodepool.Core.State;
using Nodepool.Core.View;
using Nodepool.Providers.Fake;

namespace Nodepool.Tests.Launching;

/// <summary>A provider that is taken out of the file while its nodes exist ends in order.</summary>
public sealed class LeavingProviderTests
{
    private static readonly ProviderConfig Cloud = Provider("cloud", 50, "red", "big");
    private static readonly ProviderConfig Other = Provider("other", 100, "red", "blue");
    private static readonly ProviderConfig Slots = new()
    {
        Name = "slots",
        Driver = "metastatic",
        IsBacked = true,
        Pools = [new PoolConfig { Name = "s", Labels = [new PoolLabelConfig { Name = "pod", HostKeyChecking = false, Backing = new BackingRule { Label = "big", Slots = 2, GraceTime = TimeSpan.FromHours(1) } }] }],
    };

    private readonly ReloadBed _bed = new(Config(Cloud, Other));

    [Fact]
    public void RequestThatItHadBegun_IsServedByAnother()
    {
        _bed.Cloud.Behaviour.CreateLatency = TimeSpan.FromMinutes(1);
        _bed.StartLauncher();
        Begin("200-1", "red");
        Assert.Equal("cloud", _bed.Node("red")!.Record!.Provider);

        _bed.Configurations.Publish(Config(Other));

        _bed.Until(() => _bed.Stored("200-1")?.State == RequestState.Fulfilled, "the other provider serves it");
        Assert.Equal("other", _bed.Feed.Current.Nodes.ById[_bed.Stored("200-1")!.Nodes[0]].Record!.Provider);
        Assert.Empty(Of("cloud"));
        Assert.Single(_bed.Cloud.Truth.Servers);
        Assert.Equal(1, _bed.Closed);
    }

    [Fact]
    public void RequestThatNobodyElseServes_Fails()
    {
        _bed.Cloud.Behaviour.CreateLatency = TimeSpan.FromMinutes(1);
        _bed.StartLauncher();
        Begin("200-1", "big");

        _bed.Configurations.Publish(Config(Other));

        _bed.Until(() => _bed.Stored("200-1")?.State == RequestState.Failed && _bed.Feed.Current.Nodes.ById.IsEmpty, "it is declined, nothing is left");
    }

    [Fact]
    public void NodesOfClients_StayUntilTheyComeBack_AndSoLongItIsOpen()
    {
        _bed.StartLauncher();
        Serve("200-1", "red");
        Serve("200-2", "red");
        Use("200-1");

        _bed.Configurations.Publish(Config(Other));
        _bed.Do(() => _bed.Engine.CommitAsync([new Write.Delete(NodepoolPaths.Request("200-2"), Write.AnyVersion)], CancellationToken.None).AsTask());
        _bed.Until(() => Of("cloud").Count == 1, "what nobody has goes");
        _bed.Pass(TimeSpan.FromMinutes(5));
        Assert.Equal(NodeState.InUse, Assert.Single(Of("cloud")).Record!.State);
        Assert.Equal(0, _bed.Closed);

        Return(Of("cloud")[0]);
        _bed.Until(() => Of("cloud").Count == 0 && _bed.Closed == 1, "the last node goes, and it is closed");
        Assert.Empty(_bed.Cloud.Truth.Servers);
        Assert.Equal(2, _bed.Opened.Count);
    }

    [Fact]
    public void AddedAgain_GoesOnWithWhatIsThere()
    {
        _bed.StartLauncher();
        Serve("200-1", "red");
        Use("200-1");
        var node = Assert.Single(Of("cloud"));

        _bed.Configurations.Publish(Config(Other));
        _bed.Pass(TimeSpan.FromMinutes(2));
        _bed.Configurations.Publish(Config(Cloud, Other));
        _bed.Until(() => _bed.Feed.Current.IsRun(new PoolKey("cloud", "p")), "its pool runs again");

        Assert.Equal(node.Id, Assert.Single(Of("cloud")).Id);
        Assert.Equal((2, 0), (_bed.Opened.Count, _bed.Closed));
        Serve("200-2", "red");
        Return(node);
        _bed.Until(() => _bed.Feed.Current.Nodes.ById.Count == 1, "it is deleted as ever");
    }

    [Fact]
    public void EmptyAndRemovedTwice_IsClosedTwice()
    {
        _bed.StartLauncher();
        _bed.Until(() => _bed.Feed.Current.IsRun(new PoolKey("cloud", "p")), "it runs");
        _bed.Configurations.Publish(Config(Other));
        _bed.Until(() => _bed.Closed == 1, "nothing was there: closed soon");
        _bed.Configurations.Publish(Config(Cloud, Other));
        Serve("200-1", "red");
        _bed.Configurations.Publish(Config(Other));
        _bed.Do(() => _bed.Engine.CommitAsync([new Write.Delete(NodepoolPaths.Request("200-1"), Write.AnyVersion)], CancellationToken.None).AsTask());

        _bed.Until(() => Of("cloud").Count == 0 && _bed.Closed == 2, "it ends as the first time");
        Assert.Equal(3, _bed.Opened.Count);
    }

    [Fact]
    public void MovedToAnotherLauncher_KeepsItsNodes()
    {
        _bed.StartLauncher();
        Serve("200-1", "red");
        _bed.Do(() => _bed.Engine.CommitAsync([new Write.Delete(NodepoolPaths.Request("200-1"), Write.AnyVersion)], CancellationToken.None).AsTask());
        _bed.Until(() => Of("cloud").Any(node => node.Record!.IsIdle), "it is idle");
        var elsewhere = new ComponentRecord { Kind = "pool", Hostname = "elsewhere", Id = "elsewhere-1", Name = "p", ProviderName = "cloud", SupportedLabels = ["red"] };

        _bed.Configurations.Publish(Config(Other));
        _bed.Pass(TimeSpan.FromSeconds(5));
        _bed.Do(() => _bed.Engine.CommitAsync([new Write.Create($"{NodepoolPaths.Components}/pool/elsewhere-1", elsewhere.Write(), CreateModes.Persistent)], CancellationToken.None).AsTask());

        _bed.Until(() => _bed.Closed == 1, "it is left to the other launcher");
        _bed.Pass(TimeSpan.FromMinutes(5));
        Assert.Single(Of("cloud"));
    }

    /// <summary>Another launcher has not read the file yet, and ends before it has: the one that comes after it knows nothing of the provider.</summary>
    [Fact]
    public void AnotherLauncherThatHasItAMomentLonger_AndDies_DoesNotKeepTheNodes()
    {
        _bed.StartLauncher();
        Serve("200-1", "red");
        _bed.Do(() => _bed.Engine.CommitAsync([new Write.Delete(NodepoolPaths.Request("200-1"), Write.AnyVersion)], CancellationToken.None).AsTask());
        var late = new ComponentRecord { Kind = "pool", Hostname = "late", Id = "late-1", Name = "p", ProviderName = "cloud", SupportedLabels = ["red"] };
        _bed.Do(() => _bed.Engine.CommitAsync([new Write.Create($"{NodepoolPaths.Components}/pool/late-1", late.Write(), CreateModes.Persistent)], CancellationToken.None).AsTask());

        _bed.Configurations.Publish(Config(Other));
        _bed.Pass(TimeSpan.FromSeconds(40));
        Assert.Single(Of("cloud"));
        _bed.Do(() => _bed.Engine.CommitAsync([new Write.Delete($"{NodepoolPaths.Components}/pool/late-1", Write.AnyVersion)], CancellationToken.None).AsTask());

        _bed.Until(() => Of("cloud").Count == 0 && _bed.Closed == 1, "its nodes end after all");
    }

    /// <summary>What was found with seeds 183 and 294 of the simulation: the only launcher was down while the section was taken out.</summary>
    [Fact]
    public void TakenOutWhileNoLauncherRan_NodesStayUntilItIsBack()
    {
        var used = new NodeRecord { State = NodeState.Used, StateTime = 0, Provider = "cloud", Pool = "p", Type = ["red"] };
        _bed.Configurations.Publish(Config(Other));
        _bed.Do(() => _bed.Engine.CommitAsync([new Write.Create(NodepoolPaths.Node("0000000001"), used.Write(), CreateModes.Persistent)], CancellationToken.None).AsTask());
        _bed.StartLauncher();

        _bed.Pass(TimeSpan.FromMinutes(5));
        Assert.Equal(NodeState.Used, Assert.Single(Of("cloud")).Record!.State);

        _bed.Configurations.Publish(Config(Cloud, Other));
        _bed.Until(() => Of("cloud").Count == 0, "the launcher can open it again");
    }

    [Fact]
    public void Launcher_ThatDeletesNothing_LeavesTheNodes()
    {
        _bed.Options = new LauncherOptions { Deletes = false };
        _bed.StartLauncher();
        Serve("200-1", "red");
        _bed.Do(() => _bed.Engine.CommitAsync([new Write.Delete(NodepoolPaths.Request("200-1"), Write.AnyVersion)], CancellationToken.None).AsTask());

        _bed.Configurations.Publish(Config(Other));
        _bed.Pass(TimeSpan.FromMinutes(5));

        Assert.Single(Of("cloud"));
        Assert.Equal(1, _bed.Closed);
    }

    [Fact]
    public void Borrower_GivesItsBiggerNodesBack()
    {
        _bed.Configurations.Publish(Config(Cloud, Other, Slots));
        _bed.StartLauncher();
        Serve("200-1", "pod");
        Use("200-1");
        var pod = _bed.Node("pod")!;

        _bed.Configurations.Publish(Config(Cloud, Other));
        _bed.Pass(TimeSpan.FromMinutes(2));
        Assert.Equal(2, _bed.Feed.Current.Nodes.ById.Count);

        Return(pod);
        _bed.Until(() => _bed.Feed.Current.Nodes.ById.IsEmpty && _bed.Cloud.Truth.Servers.Count == 0, "slot and bigger node go at once, whatever their grace");
    }

    [Fact]
    public void LenderOfBiggerNodes_GetsThemBack()
    {
        _bed.Configurations.Publish(Config(Cloud, Other, Slots));
        _bed.StartLauncher();
        Serve("200-1", "pod");
        Serve("200-2", "pod");
        _bed.Do(() => _bed.Engine.CommitAsync([new Write.Delete(NodepoolPaths.Request("200-1"), Write.AnyVersion), new Write.Delete(NodepoolPaths.Request("200-2"), Write.AnyVersion)], CancellationToken.None).AsTask());

        _bed.Configurations.Publish(Config(Other, Slots));

        _bed.Until(() => _bed.Feed.Current.Nodes.ById.IsEmpty && _bed.Cloud.Truth.Servers.Count == 0, "idle slots do not keep it");
    }

    private List<NodeView> Of(string provider) => [.. _bed.Feed.Current.Nodes.ById.Values.Where(node => node.Record?.Provider == provider)];

    private void Begin(string request, string label)
    {
        _bed.Until(() => _bed.Feed.Current.Pools.Count() == 2, "all pools run");
        _bed.Request(request, label);
        _bed.Until(() => _bed.Node(label)?.Record is { ExternalId.IsNull: false }, "its launch is under way");
    }

    private void Serve(string request, string label)
    {
        _bed.Until(() => _bed.Feed.Current.Pools.Count() == _bed.Config.Providers.Count, "all pools run");
        _bed.Request(request, label);
        _bed.Until(() => _bed.Stored(request)?.State == RequestState.Fulfilled, $"{request} is served");
    }

    /// <summary>A client takes the nodes of its request.</summary>
    private void Use(string request) => _bed.Do(async () =>
    {
        List<Write> writes = [new Write.Delete(NodepoolPaths.Request(request), Write.AnyVersion)];
        foreach (var node in _bed.Feed.Current.Nodes.Of(request).Select(id => _bed.Feed.Current.Nodes.ById[id]))
        {
            writes.Add(new Write.Create(NodepoolPaths.NodeLock(node.Id) + "/0__lock__", "zuul"u8.ToArray(), CreateModes.Sequential));
            writes.Add(new Write.Set(NodepoolPaths.Node(node.Id), (node.Record! with { State = NodeState.InUse, AllocatedTo = null }).Write(), node.Version));
        }

        await _bed.Engine.CommitAsync(writes, CancellationToken.None);
    });

    private void Return(NodeView before) => _bed.Do(async () =>
    {
        var node = _bed.Feed.Current.Nodes.ById[before.Id];
        await _bed.Engine.CommitAsync(
            [
                new Write.Set(NodepoolPaths.Node(node.Id), (node.Record! with { State = NodeState.Used }).Write(), node.Version),
                .. node.Contenders.Select(contender => new Write.Delete($"{NodepoolPaths.NodeLock(node.Id)}/{contender}", Write.AnyVersion)),
            ],
            CancellationToken.None);
    });

    private static NodepoolConfig Config(params ProviderConfig[] providers) => new()
    {
        Labels = [new() { Name = "red" }, new() { Name = "blue" }, new() { Name = "big" }, new() { Name = "pod" }],
        Providers = providers.ToValueList(),
    };

    private static ProviderConfig Provider(string name, int priority, params string[] labels) => new()
    {
        Name = name,
        Driver = "fake",
        Options = new FakeOptions(),
        Pools =
        [
            new PoolConfig
            {
                Name = "p",
                Priority = priority,
                Limits = Quota.Of((Quota.Instances, 9)),
                Labels = labels.Select(label => new PoolLabelConfig { Name = label, HostKeyChecking = false, Options = new FakeLabelOptions(FakeFlavor.All[0]) }).ToValueList(),
            },
        ],
    };
}
