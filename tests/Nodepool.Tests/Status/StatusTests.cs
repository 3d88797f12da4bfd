using System.Text.Json.Nodes;
using Nodepool.Core.Collections;
using Nodepool.Core.Model;
using Nodepool.Tests.Cli;

namespace Nodepool.Tests.Status;

public sealed class StatusTests : IDisposable
{
    private readonly TestCli _cli = new();

    public void Dispose() => _cli.Dispose();

    [Fact]
    public async Task Status_OfProcessesWithABadOrAnotherFile_SaysWhichAndWhy()
    {
        PutComponents();
        var refusing = new ProcessRecord
        {
            Hostname = "h",
            ProcessId = 7,
            Roles = ["launcher", "web"],
            ConfigFiles = "/np.yaml",
            Revision = 3,
            Since = 900,
            Digest = "aaa",
            RefusedSince = 960,
            Problems = ["/np.yaml:1:1: error: x: unknown key 'x'"],
            ProblemCount = 2,
        };
        Put(refusing);
        Put(refusing with { ProcessId = 8, Roles = ["builder"], RefusedSince = null, Problems = [], ProblemCount = 0, Digest = "bbb" });
        Put(refusing with { ProcessId = 9, Roles = ["web"], RefusedSince = null, Problems = [], ProblemCount = 0, Digest = "ccc" });

        Assert.Equal(0, await _cli.RunAsync("status"));

        Assert.Contains(
            "  - launcher, web on h (process 7) keeps revision 3: since 1970-01-01 00:16:00Z the newest version of /np.yaml is refused: /np.yaml:1:1: error: x: unknown key 'x' (and 1 more: nodepool config-validate)\n",
            _cli.Out,
            StringComparison.Ordinal);
        Assert.Contains("  - processes on h work with different versions of /np.yaml: 8 with bbb, 9 with ccc; send SIGHUP to the older, and see its log\n", _cli.Out, StringComparison.Ordinal);
        using var json = new TestCli();
        json.Store.Put(NodepoolPaths.NewProcess("h") + "1", refusing.Write());
        Assert.Equal(0, await json.RunAsync("status -o json"));
        var process = JsonNode.Parse(json.Out)!["processes"]![0]!;
        Assert.Equal((3, 960, "aaa"), ((int)process["revision"]!, (int)process["refused_since"]!, (string?)process["digest"]));

        void Put(ProcessRecord process) => _cli.Store.Put($"{NodepoolPaths.NewProcess("h")}{process.ProcessId}", process.Write());
    }

    [Fact]
    public async Task Status_OfAPoolWhoseLaunchesFail_SaysSinceWhenAndWhy()
    {
        PutComponents();
        _cli.Store.Put(NodepoolPaths.NewComponent("pool", "h") + "7", new ComponentRecord { Kind = "pool", Hostname = "h", Id = "me", ProviderName = "p", Name = "main", SupportedLabels = ["small"] }.Write());
        var terms = new PoolTermsRecord { Component = "me", Provider = "p", Pool = "main", Lanes = new ValueMap<LaneTerms>([new("small", new LaneTerms { OpenSince = 700, Failure = "no valid host" })]) };
        _cli.Store.Put(NodepoolPaths.NewPoolTerms + "0000000001", terms.Write());

        Assert.Equal(0, await _cli.RunAsync("status"));

        Assert.Contains("  - pool p/main: launches of label small fail since 5 minutes; requests go to other pools or wait, and single launches are tried: no valid host\n", _cli.Out, StringComparison.Ordinal);
        Assert.Contains("| failing: small |", _cli.Out, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Status_OfAHealthyCluster_SaysSoFirst()
    {
        PutComponents();
        PutImage();
        _cli.Store.Put("0000000001", Node(NodeState.Ready));
        _cli.Store.Put("0000000002", Node(NodeState.Ready));
        _cli.Store.Put("0000000003", Node(NodeState.InUse));

        Assert.Equal(0, await _cli.RunAsync("status"));

        Assert.Equal(
            """
            No problems.

            Components
            +----------+------+---------+---------+
            | Kind     | Host | State   | Version |
            +----------+------+---------+---------+
            | builder  | h    | running |         |
            | launcher | h    | running |         |
            +----------+------+---------+---------+

            Pools
            +----------+------+-------+------+----------+--------+
            | Provider | Pool | State | Host | Priority | Labels |
            +----------+------+-------+------+----------+--------+
            | cloud    | main | full  | h    | 100      | debian |
            +----------+------+-------+------+----------+--------+

            Labels
            +--------+-----------+------+----------+----------+--------+------+---------+
            | Label  | Min Ready | Idle | Building | Assigned | In Use | Held | Leaving |
            +--------+-----------+------+----------+----------+--------+------+---------+
            | debian | 2         | 2    | 0        | 0        | 1      | 0    | 0       |
            | other  | 0         | 0    | 0        | 0        | 0      | 0    | 0       |
            +--------+-----------+------+----------+----------+--------+------+---------+

            Open requests: none

            Images
            +-----------+--------+--------------+-------------+----------+-----+--------------+
            | Image     | Paused | Newest Build | Build Age   | Ready At | Now | Last Failure |
            +-----------+--------+--------------+-------------+----------+-----+--------------+
            | debian-12 | False  | b1           | 00:00:01:40 | cloud    |     |              |
            | idle      | False  |              |             |          |     |              |
            +-----------+--------+--------------+-------------+----------+-----+--------------+

            """,
            _cli.Out);
    }

    [Fact]
    public async Task Status_OfATroubledCluster_NamesEachProblemWithItsReason()
    {
        _cli.Store.Put("debian-12", "b1", new ImageBuildRecord { State = ImageState.Failed, StateTime = 990, Failure = "mmdebstrap is missing" });
        _cli.Store.Put("0000000001", Node(NodeState.Building) with { Launch = new LaunchRecord { Token = "t", Attempt = 2, Failure = "no ssh in 60 s" } });
        _cli.Store.Put("0000000002", Node(NodeState.Deleting) with { StateTime = 100 });
        _cli.Store.Put(NodepoolPaths.Node("0000000003"), "{"u8.ToArray());
        _cli.Store.Put("200-0000000001", new NodeRequestRecord { State = RequestState.Requested, StateTime = 990, NodeTypes = ["debian"], Requestor = "me" });
        _cli.Store.Put("200-0000000002", new NodeRequestRecord { State = RequestState.Failed, StateTime = 990, NodeTypes = ["nope"], DeclinedBy = ["x"] });

        Assert.Equal(0, await _cli.RunAsync("status"));

        Assert.StartsWith(
            """
            8 problems:
              - no launcher is running: requests wait and nodes are not replaced (nodepool launcher, or nodepool up)
              - no builder is running: images are not built (nodepool builder, or nodepool up)
              - image debian-12: the last build or upload failed: mmdebstrap is missing
              - label debian: 0 of 2 nodes ready, 1 being launched
              - node 0000000001 (debian at cloud): a launch attempt failed: no ssh in 60 s
              - node 0000000002 is being deleted since 15 minutes: cloud does not say that it is gone
              - request 200-0000000002 failed: no live pool serves nope; declined by a pool that has ended (the launcher's log says why)
              - 1 record(s) cannot be understood and are left alone: /nodepool/nodes/0000000003

            Components: none

            """,
            _cli.Out, StringComparison.Ordinal);
        Assert.Contains("| 200-0000000001 | requested | debian | me        | 00:00:00:10 | waits for a launcher: none is running |", _cli.Out, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Status_WithABrokenConfiguration_SaysThatFirstAndShowsTheRest()
    {
        _cli.Yaml = "labels: 3\nproviders: 4\n";
        PutComponents();

        Assert.Equal(0, await _cli.RunAsync("status"));

        Assert.StartsWith(
            "1 problem:\n  - the configuration file cannot be used; what runs keeps the last good version: /etc/nodepool/nodepool.yaml:1:", _cli.Out, StringComparison.Ordinal);
        Assert.Contains("(and 1 more: nodepool config-validate)", _cli.Out, StringComparison.Ordinal);
        Assert.Contains("| cloud    | main |", _cli.Out, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Status_AsJson_HasEverySection()
    {
        PutComponents();
        PutImage();

        Assert.Equal(0, await _cli.RunAsync("status -o json"));

        var status = JsonNode.Parse(_cli.Out)!;
        Assert.Equal("label debian: 0 of 2 nodes ready", (string)status["problems"]![0]!);
        Assert.Equal(["problems", "components", "pools", "labels", "requests", "images"], status.AsObject().Select(member => member.Key));
        Assert.Equal(2, (int)status["labels"]![0]!["min_ready"]!);
        Assert.Equal(900, (int)status["images"]![0]!["build_age"]!);
    }

    [Fact]
    public async Task Status_PoolNobodyRuns_IsAProblem()
    {
        _cli.Store.Put("h0000000001", new ComponentRecord { Kind = "launcher", Hostname = "h" });
        _cli.Store.Put("h0000000002", new ComponentRecord { Kind = "builder", Hostname = "h" });

        Assert.Equal(0, await _cli.RunAsync("status"));

        Assert.Contains("  - pool cloud/main is in the configuration, but no launcher runs it (see the launcher's log)\n", _cli.Out, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Status_LauncherWithThingsSwitchedOff_IsAProblem()
    {
        _cli.Store.Put("h0000000001", new ComponentRecord { Kind = "launcher", Hostname = "h", SwitchedOff = ["launches", "deletes"] });

        Assert.Equal(0, await _cli.RunAsync("status"));

        Assert.Contains(
            "  - the launcher on h runs with --no-launches --no-deletes: what it leaves alone is done by other launchers or waits\n", _cli.Out, StringComparison.Ordinal);
    }

    private static NodeRecord Node(NodeState state) => new() { State = state, StateTime = 995, Type = ["debian"], Provider = "cloud", Pool = "main" };

    private void PutComponents()
    {
        _cli.Store.Put("h0000000001", new ComponentRecord { Kind = "launcher", Hostname = "h" });
        _cli.Store.Put("h0000000002", new ComponentRecord { Kind = "builder", Hostname = "h" });
        _cli.Store.Put("h0000000003", new ComponentRecord
        {
            Kind = "pool",
            Hostname = "h",
            Id = "1",
            ProviderName = "cloud",
            Name = "main",
            SupportedLabels = ["debian"],
            Paused = true,
        });
    }

    private void PutImage()
    {
        _cli.Store.Put("debian-12", "b1", new ImageBuildRecord { State = ImageState.Ready, StateTime = 900 });
        _cli.Store.Put("debian-12", "b1", "cloud", "0000000000", new ImageUploadRecord { State = ImageState.Ready, StateTime = 910 });
    }
}
