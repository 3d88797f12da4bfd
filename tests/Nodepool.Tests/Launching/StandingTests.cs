using Nodepool.Core.Collections;
using Nodepool.Core.Config;
using Nodepool.Core.Launching;
using Nodepool.Core.Model;
using Nodepool.Core.State;
using Nodepool.Core.View;
using Nodepool.Testing.Providers;

namespace Nodepool.Tests.Launching;

/// <summary>A whole launcher with hosts that exist.</summary>
public sealed class StandingTests
{
    private const string Key = "ssh-ed25519 K";

    private readonly ReloadBed _bed = new(Config(new MachineConfig { Name = "h1", Labels = ["box"], Slots = 2, HostKeys = [Key] }, new MachineConfig { Name = "h2", Labels = ["box"] }));

    public StandingTests()
    {
        _bed.Hosts["h1"] = ScanScript.AtOnce("ssh-rsa R", Key);
        _bed.Hosts["h2"] = ScanScript.AtOnce("ssh-ed25519 L");
    }

    [Fact]
    public void Nodes_OfAllSlots_AreReadyWithoutBeingAskedFor()
    {
        Start();

        Assert.Equal([("h1", 0), ("h1", 1), ("h2", 0)], Ready().Select(node => (node.Record!.Hostname!, node.Record.Slot!.Value)).Order());
        Assert.Equal(["ssh-rsa R", Key], Ready().First(node => node.Record!.Hostname == "h1").Record!.HostKeys);
        Assert.Empty(_bed.Feed.Current.Requests);
    }

    [Fact]
    public void Node_GivenOutAndReturned_IsReadyAgainAsAnother()
    {
        Start();
        var before = Ready().Select(node => node.Id).ToList();
        _bed.Request("200-1", "box", "box", "box");
        _bed.Until(() => _bed.Stored("200-1")?.State == RequestState.Fulfilled, "all hosts are given out");

        _bed.Do(() => ReturnAsync("200-1"));
        _bed.Until(() => Ready().Count == 3 && Ready().All(node => !before.Contains(node.Id)), "the slots are filled again");

        Assert.Equal(3, _bed.Feed.Current.Nodes.ById.Count);
    }

    [Fact]
    public void Host_ThatIsDown_HasNoNodesUntilItAnswers()
    {
        _bed.Hosts["h2"] = ScanScript.Never;
        Start(2);
        _bed.Pass(TimeSpan.FromMinutes(1));
        Assert.Equal(2, Ready().Count);

        _bed.Hosts["h2"] = ScanScript.AtOnce("ssh-ed25519 L");

        _bed.Until(() => Ready().Count == 3, "it is looked at again");
    }

    [Fact]
    public void Host_ThatShowsAnotherKey_HasNoNodes()
    {
        _bed.Hosts["h1"] = ScanScript.AtOnce("ssh-ed25519 FOREIGN");
        Start(1);
        _bed.Pass(TimeSpan.FromMinutes(1));

        Assert.Equal("h2", Assert.Single(Ready()).Record!.Hostname);
    }

    [Fact]
    public void Host_ThatGoesDownWhileItIsIdle_LosesItsNodes()
    {
        Start();

        _bed.Hosts["h1"] = ScanScript.Never;

        _bed.Until(() => _bed.Feed.Current.Nodes.ById.Count == 1, "its nodes are taken back");
    }

    [Fact]
    public void Host_ThatIsDownWhenARequestWantsIt_IsNotGivenOut()
    {
        Start();
        _bed.Hosts["h1"] = ScanScript.Never;

        _bed.Request("200-1", "box");
        _bed.Until(() => _bed.Stored("200-1")?.State == RequestState.Fulfilled, "another host serves it");

        Assert.Equal("h2", _bed.Feed.Current.Nodes.ById[_bed.Stored("200-1")!.Nodes[0]].Record!.Hostname);
    }

    [Fact]
    public void Host_SetUpAnew_IsGivenOutWithTheKeysThatItHasNow()
    {
        Start();
        _bed.Hosts["h2"] = ScanScript.AtOnce("ssh-ed25519 NEW");
        _bed.Hosts["h1"] = ScanScript.Never;

        _bed.Request("200-1", "box");
        _bed.Until(() => _bed.Stored("200-1")?.State == RequestState.Fulfilled, "it is served");

        Assert.Equal(["ssh-ed25519 NEW"], _bed.Feed.Current.Nodes.ById[_bed.Stored("200-1")!.Nodes[0]].Record!.HostKeys);
    }

    [Fact]
    public void Change_OfTheFile_DisturbsNobodyAndCountsWhenNodesComeBack()
    {
        Start();
        _bed.Request("200-1", "box", "box", "box");
        _bed.Until(() => _bed.Stored("200-1")?.State == RequestState.Fulfilled, "all hosts are given out");
        var given = _bed.Stored("200-1")!.Nodes;

        _bed.Configurations.Publish(Config(new MachineConfig { Name = "h1", Labels = ["box", "crate"], HostKeys = [Key] }));
        _bed.Pass(TimeSpan.FromMinutes(3));
        Assert.All(given, id => Assert.Equal("200-1", _bed.Feed.Current.Nodes.ById[id].Record!.AllocatedTo));
        _bed.Do(() => ReturnAsync("200-1"));
        _bed.Until(() => Ready().Count == 1 && _bed.Feed.Current.Nodes.ById.Count == 1, "what is left is one slot");

        Assert.Equal((ValueList<string>)["box", "crate"], Ready()[0].Record!.Type);
        Assert.Single(_bed.Opened);
    }

    [Fact]
    public void Label_AddedToAnIdleHost_IsServedByTheSameNode()
    {
        Start();
        var id = Ready().Single(node => node.Record!.Hostname == "h2").Id;
        _bed.Configurations.Publish(Config(new MachineConfig { Name = "h1", Labels = ["box"], Slots = 2, HostKeys = [Key] }, new MachineConfig { Name = "h2", Labels = ["box", "crate"] }));

        _bed.Request("200-1", "crate");
        _bed.Until(() => _bed.Stored("200-1")?.State == RequestState.Fulfilled, "the new label is served");

        Assert.Equal([id], _bed.Stored("200-1")!.Nodes);
    }

    [Fact]
    public void Launcher_WithoutLaunches_RegistersNothing()
    {
        _bed.Options = new LauncherOptions { Launches = false };
        _bed.StartLauncher();
        _bed.Pass(TimeSpan.FromMinutes(1));

        Assert.Empty(_bed.Feed.Current.Nodes.ById);
    }

    private void Start(int nodes = 3)
    {
        _bed.StartLauncher();
        _bed.Until(() => Ready().Count == nodes && _bed.Pool("main") is not null, "the hosts are ready");
    }

    private List<NodeView> Ready() => [.. _bed.Feed.Current.Nodes.ById.Values.Where(node => node.Record is { IsIdle: true }).OrderBy(node => node.Id, StringComparer.Ordinal)];

    private async Task ReturnAsync(string request)
    {
        List<Write> writes = [new Write.Delete(NodepoolPaths.Request(request), Write.AnyVersion)];
        writes.AddRange(_bed.Feed.Current.Nodes.Of(request).Select(id => _bed.Feed.Current.Nodes.ById[id])
            .Select(node => new Write.Set(NodepoolPaths.Node(node.Id), (node.Record! with { State = NodeState.Used }).Write(), node.Version)));
        await _bed.Engine.CommitAsync(writes, CancellationToken.None);
    }

    private static NodepoolConfig Config(params ValueList<MachineConfig> machines) => new()
    {
        Labels = [new LabelConfig { Name = "box", MinReady = 5 }, new LabelConfig { Name = "crate" }],
        Providers =
        [
            new ProviderConfig
            {
                Name = "hosts",
                Driver = "static",
                Pools =
                [
                    new PoolConfig
                    {
                        Name = "main",
                        Machines = machines,
                        Labels = machines.SelectMany(machine => machine.Labels).Distinct().Select(label => new PoolLabelConfig { Name = label, HostKeyChecking = false }).ToValueList(),
                    },
                ],
            },
        ],
    };
}
