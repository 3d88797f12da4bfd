using Nodepool.Core.Collections;
using Nodepool.Core.Config;
using Nodepool.Core.Model;
using Nodepool.Core.State;
using Nodepool.Core.View;
using Nodepool.Providers.Fake;
using Nodepool.Providers.Fake.Cloud;

namespace Nodepool.Tests.Launching;

/// <summary>A whole launcher whose nodes are slots of nodes of a cloud.</summary>
public sealed class BackingTests
{
    private static readonly BackingRule Rule = new() { Label = "big", Slots = 2, GraceTime = TimeSpan.FromMinutes(1) };

    private readonly ReloadBed _bed = new(Config(Rule));

    [Fact]
    public void Nodes_ShareBiggerNodes_AndLookLikeThem()
    {
        _bed.StartLauncher();

        Serve("200-1", 3);

        Assert.Equal(2, Backing().Count);
        Assert.Equal(2, _bed.Cloud.Count(FakeOperation.Create));
        var nodes = _bed.Stored("200-1")!.Nodes.Select(id => _bed.Feed.Current.Nodes.ById[id]).ToList();
        Assert.Equal(3, nodes.Select(node => node.Record!.Place).Distinct().Count());
        foreach (var node in nodes)
        {
            var (record, backing) = (node.Record!, _bed.Feed.Current.Nodes.ById[node.Record!.Place!.BackingNode].Record!);
            Assert.Equal(node.Id, record.ExternalId.AsText());
            Assert.Equal(record.Place!.Slot, record.Slot);
            Assert.Equal((backing.InterfaceIp, backing.Username, backing.ConnectionType), (record.InterfaceIp, record.Username, record.ConnectionType));
            Assert.Equal(backing.HostKeys, record.HostKeys);
            Assert.Equal("{\"zone\":\"metal\",\"rack\":\"7\"}", record.Attributes.ToString());
        }
    }

    [Fact]
    public void BackingNode_IsStoredAsPythonFindsIt()
    {
        _bed.StartLauncher();
        Serve("200-1", 1);

        var node = Assert.Single(Backing());
        var holder = Assert.Single(node.Contenders);
        var (entry, stored) = (default(Entry), default(Entry));
        _bed.Do(async () =>
        {
            entry = await _bed.Engine.GetAsync($"{NodepoolPaths.NodeLock(node.Id)}/{holder}", CancellationToken.None);
            stored = await _bed.Engine.GetAsync(NodepoolPaths.Node(_bed.Stored("200-1")!.Nodes[0]), CancellationToken.None);
        });

        Assert.Equal("NodePool:metastatic:slots", System.Text.Encoding.UTF8.GetString(entry!.Data.Span));
        Assert.False(entry.IsEphemeral);
        Assert.StartsWith("{\"owner\":\"NodePool:metastatic:slots\",\"label\":\"pod\",\"slots\":2,\"failed\":false,\"launched\":", node.Record!.UserData.AsText(), StringComparison.Ordinal);
        Assert.Contains($"\"backing_node\":\"{node.Id}\",\"slot\":0", System.Text.Encoding.UTF8.GetString(stored!.Data.Span), StringComparison.Ordinal);
        Assert.DoesNotContain(_bed.Feed.Current.Requests.Values, request => request.Record!.Requestor == "NodePool:metastatic:slots");
    }

    [Fact]
    public void Slot_GivenBack_ServesTheNextAndAnEmptyNodeGoesAfterItsGrace()
    {
        _bed.StartLauncher();
        Serve("200-1", 2);
        var first = Assert.Single(Backing()).Id;
        Return("200-1");
        Serve("200-2", 2);
        Assert.Equal(first, Assert.Single(Backing()).Id);

        Return("200-2");
        _bed.Pass(TimeSpan.FromSeconds(50));
        Assert.Equal(first, Assert.Single(Backing()).Id);
        _bed.Until(() => _bed.Feed.Current.Nodes.ById.IsEmpty && _bed.Cloud.Truth.Servers.Count == 0, "it is given back and deleted");
    }

    [Fact]
    public void BackingNode_OfAnOldLabel_GoesWhenItsNodesHaveEnded()
    {
        _bed.StartLauncher();
        Serve("200-1", 1);

        _bed.Configurations.Publish(Config(Rule with { Label = "other" }));
        _bed.Pass(TimeSpan.FromMinutes(2));
        Assert.Single(Backing());
        Return("200-1");

        _bed.Until(() => _bed.Feed.Current.Nodes.ById.IsEmpty, "it is given back at once");
    }

    [Fact]
    public void BackingNode_ThatIsTooOld_GetsNoMoreNodes()
    {
        _bed.Configurations.Publish(Config(Rule with { MaxAge = TimeSpan.FromMinutes(10) }));
        _bed.StartLauncher();
        Serve("200-1", 1);
        var old = Assert.Single(Backing()).Id;
        _bed.Pass(TimeSpan.FromMinutes(9));
        _bed.Pass(TimeSpan.FromMinutes(2));

        Serve("200-2", 1);

        Assert.NotEqual(old, _bed.Feed.Current.Nodes.ById[_bed.Stored("200-2")!.Nodes[0]].Record!.Place!.BackingNode);
        Assert.Contains(old, Backing().Select(node => node.Id));
    }

    [Fact]
    public void Label_ThatNobodyServes_FailsTheRequestWithTheReason()
    {
        _bed.Configurations.Publish(Config(Rule with { Label = "nowhere" }));
        _bed.StartLauncher();

        _bed.Request("200-1", "pod");
        _bed.Until(() => _bed.Stored("200-1")?.State == RequestState.Failed, "it fails");
        _bed.Until(() => _bed.Feed.Current.Nodes.ById.IsEmpty && _bed.Feed.Current.Requests.Count == 1, "nothing is left behind");
    }

    [Fact]
    public void BackingNode_WhoseMachineGoes_TakesItsIdleNodesAlong()
    {
        _bed.StartLauncher();
        Serve("200-1", 2);
        _bed.Do(async () => await _bed.Engine.CommitAsync([new Write.Delete(NodepoolPaths.Request("200-1"), Write.AnyVersion)], CancellationToken.None));
        var node = Assert.Single(Backing());

        _bed.Do(async () => await _bed.Engine.CommitAsync(
            [new Write.Set(NodepoolPaths.Node(node.Id), (node.Record! with { State = NodeState.Used }).Write(), Write.AnyVersion)], CancellationToken.None));

        _bed.Until(() => _bed.Feed.Current.Nodes.ById.IsEmpty && _bed.Cloud.Truth.Servers.Count == 0, "all of it ends");
    }

    [Fact]
    public void Launcher_ThatTakesOver_FindsWhatIsThere()
    {
        _bed.StartLauncher();
        Serve("200-1", 1);
        var backing = Assert.Single(Backing()).Id;

        // Another life of the same duty knows nothing but the records.
        _bed.Configurations.Publish(Config(Rule, name: "none"));
        _bed.Pass(TimeSpan.FromMinutes(1));
        _bed.Configurations.Publish(Config(Rule));
        _bed.Until(() => _bed.Feed.Current.Pools.Any(pool => pool.ProviderName == "slots") && _bed.Feed.Current.Pools.All(pool => pool.ProviderName != "none"), "it is back");
        Serve("200-2", 1);

        Assert.Equal(new SlotPlace(backing, 1), _bed.Feed.Current.Nodes.ById[_bed.Stored("200-2")!.Nodes[0]].Record!.Place);
    }

    [Fact]
    public void UserData_ThatOnlySaysSo_MakesNoBackingNode()
    {
        var forged = new NodeRecord
        {
            State = NodeState.InUse,
            StateTime = 0,
            Provider = "elsewhere",
            Pool = "x",
            InterfaceIp = "203.0.113.66",
            Backing = new BackingRecord("NodePool:metastatic:slots", "pod", 50, HasFailed: false, 0),
        };
        _bed.StartLauncher();
        _bed.Do(() => _bed.Engine.CommitAsync(
            [
                new Write.Create(NodepoolPaths.Node("0000009999"), forged.Write(), CreateModes.Persistent),
                new Write.Create(NodepoolPaths.NodeLock("0000009999") + "/0__lock__0000000000", "somebody"u8.ToArray(), CreateModes.Persistent),
            ],
            CancellationToken.None).AsTask());

        Serve("200-1", 1);

        Assert.NotEqual("0000009999", _bed.Feed.Current.Nodes.ById[_bed.Stored("200-1")!.Nodes[0]].Record!.Place!.BackingNode);
    }

    private void Serve(string request, int nodes)
    {
        _bed.Request(request, [.. Enumerable.Repeat("pod", nodes)]);
        _bed.Until(() => _bed.Stored(request)?.State == RequestState.Fulfilled, $"{request} is served");
    }

    private void Return(string request) => _bed.Do(async () =>
    {
        List<Write> writes = [new Write.Delete(NodepoolPaths.Request(request), Write.AnyVersion)];
        writes.AddRange(_bed.Feed.Current.Nodes.Of(request).Select(id => _bed.Feed.Current.Nodes.ById[id])
            .Select(node => new Write.Set(NodepoolPaths.Node(node.Id), (node.Record! with { State = NodeState.Used }).Write(), node.Version)));
        await _bed.Engine.CommitAsync(writes, CancellationToken.None);
    });

    private List<NodeView> Backing() => [.. _bed.Feed.Current.Nodes.ById.Values.Where(node => node.Record is { State: NodeState.InUse, Backing: not null })];

    private static NodepoolConfig Config(BackingRule rule, string name = "slots") => new()
    {
        Labels = [new LabelConfig { Name = "pod" }, new LabelConfig { Name = "big" }, new LabelConfig { Name = "other" }],
        Providers =
        [
            new ProviderConfig
            {
                Name = "cloud",
                Driver = "fake",
                Pools = [new PoolConfig { Name = "c", Labels = [Cloud("big"), Cloud("other")], NodeAttributes = new ValueMap<string>([new("zone", "cloud"), new("rack", "7")]) }],
            },
            new ProviderConfig
            {
                Name = name,
                Driver = "metastatic",
                IsBacked = true,
                LaunchRetries = 2,
                Pools =
                [
                    new PoolConfig
                    {
                        Name = "s",
                        Labels = [new PoolLabelConfig { Name = "pod", HostKeyChecking = false, Backing = rule }],
                        NodeAttributes = new ValueMap<string>([new("zone", "metal")]),
                    },
                ],
            },
        ],
    };

    private static PoolLabelConfig Cloud(string name) => new() { Name = name, Options = new FakeLabelOptions(FakeFlavor.All[0]) };
}
