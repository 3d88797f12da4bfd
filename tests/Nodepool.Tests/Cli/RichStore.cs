using Nodepool.Core.Collections;
using Nodepool.Core.Model;
using Nodepool.Core.Model.Json;

namespace Nodepool.Tests.Cli;

/// <summary>A store with something of everything: what the goldens are made from. Time is <see cref="TestStore.Now"/>.</summary>
internal static class RichStore
{
    public static void Fill(TestStore store)
    {
        Components(store);
        Nodes(store);
        Requests(store);
        Images(store);
        store.Put(NodepoolPaths.Job("0000000000"), new JobRecord { Name = "gate-unit", HoldOnFailure = 2 }.Write());
        store.Put(NodepoolPaths.Job("0000000001"), new JobRecord { Name = "lint" }.Write());
    }

    private static void Components(TestStore store)
    {
        store.Put("l1.example0000000001", new ComponentRecord { Kind = "launcher", Hostname = "l1.example", State = "running", Version = "0.1.0" });
        store.Put("b1.example0000000002", new ComponentRecord { Kind = "builder", Hostname = "b1.example", State = "running", Version = "0.1.0" });
        store.Put("l1.example0000000003", new ComponentRecord
        {
            Kind = "pool",
            Hostname = "l1.example",
            State = "running",
            Id = "l1-cloud-main",
            ProviderName = "cloud",
            Name = "main",
            Priority = 100,
            SupportedLabels = ["debian", "remote"],
        });
        var one = new ValueMap<long>([new("instances", 1)]);
        store.Put(NodepoolPaths.NewPoolTerms + "0000000000", new PoolTermsRecord
        {
            Component = "l1-cloud-main",
            Provider = "cloud",
            Pool = "main",
            Limits = new ValueMap<long>([new("instances", 10)]),
            Labels = new ValueMap<LabelTerms>([new("debian", new LabelTerms(one, "debian-12")), new("remote", new LabelTerms(one, null))]),
        }.Write());
    }

    /// <summary>One node in each state: locked, held, with credentials instead of a port, with a comment that would break a line.</summary>
    private static void Nodes(TestStore store)
    {
        var number = 0;
        foreach (var state in Enum.GetValues<NodeState>())
        {
            number++;
            store.Put($"{number:0000000000}", new NodeRecord
            {
                State = state,
                StateTime = TestStore.Now - (number * number * 41),
                CreatedTime = TestStore.Now - 900,
                Type = number % 4 == 0 ? ["debian", "debian-large"] : number % 5 == 0 ? ["remote"] : ["debian"],
                Provider = number % 5 == 0 ? "elsewhere" : "cloud",
                Pool = "main",
                Launcher = "l1-cloud-main",
                ExternalId = state == NodeState.Init ? RawJson.Null : RawJson.FromText($"vm-{number}"),
                Az = number % 2 == 0 ? "az1" : null,
                InterfaceIp = state is NodeState.Init or NodeState.Building ? null : $"203.0.113.{number}",
                PublicIPv4 = state is NodeState.Init or NodeState.Building ? null : $"203.0.113.{number}",
                PublicIPv6 = number == 4 ? "2001:db8::4" : null,
                PrivateIPv4 = number == 5 ? "10.0.0.5" : null,
                ConnectionType = "ssh",
                ConnectionPort = number == 9 ? RawJson.FromUtf8("""{"token":"secret"}"""u8) : RawJson.FromNumber(22),
                AllocatedTo = state == NodeState.InUse ? "200-0000000003" : null,
                HoldJob = state == NodeState.Hold ? "gate-unit" : null,
                Comment = state == NodeState.Hold ? "why does it crash?\nask \"ann\", please" : null,
                UserData = state == NodeState.InUse ? RawJson.FromUtf8("""{"job":"unit","tries":[1,2]}"""u8) : RawJson.Null,
                HostKeys = state == NodeState.Ready ? ["ssh-ed25519 AAAA"] : [],
            });
        }

        store.Lock(NodepoolPaths.NodeLock("0000000002"), "launcher");
        store.Lock(NodepoolPaths.NodeLock("0000000005"), "zuul");
        store.Put("0000000012", new NodeRecord { State = NodeState.Ready, StateTime = TestStore.Now - 90061, Type = ["debian"], Provider = "cloud", Pool = "main" });
        store.Put("0000000013", new NodeRecord { State = NodeState.Ready, StateTime = TestStore.Now - 5, Type = ["debian"], Provider = "cloud", Pool = "main", AllocatedTo = "200-0000000003", InterfaceIp = "203.0.113.13", ConnectionType = "ssh", HostKeys = ["ssh-ed25519 BBBB"] });
    }

    private static void Requests(TestStore store)
    {
        store.Put("100-0000000001", new NodeRequestRecord { State = RequestState.Requested, StateTime = 990, CreatedTime = 990, NodeTypes = ["debian", "debian"], Requestor = "zuul", RelativePriority = 2, EventId = "e-1" });
        store.Put("200-0000000002", new NodeRequestRecord { State = RequestState.Pending, StateTime = 980, CreatedTime = 970, NodeTypes = ["debian"], Requestor = "ann" });
        store.Put("200-0000000003", new NodeRequestRecord { State = RequestState.Fulfilled, StateTime = 950, CreatedTime = 900, NodeTypes = ["debian"], Nodes = ["0000000013"], Requestor = "zuul" });
        store.Put("300-0000000004", new NodeRequestRecord { State = RequestState.Failed, StateTime = 940, CreatedTime = 800, NodeTypes = ["remote"], DeclinedBy = ["l1-cloud-main"], DeclineReasons = ["cloud/main launch-failed: launch of node 0000000003 failed: no ssh within 60 s"], Requestor = "zuul" });
    }

    private static ValueList<BuildPhase> Phases { get; } = [new("root.d", 2), new("install.d", 30), new("finalise.d", 80)];

    private static BuildRunRecord Failed { get; } = new()
    {
        Started = 400,
        Seconds = 100,
        Attempt = 7,
        RequestMs = (long)(TestStore.Now * 1000),
        FailedIn = "element vm, install.d/50-grub",
        LastLines = "E: Unable to locate package grub\n50-grub failed",
    };

    /// <summary>An image with uploads in each state, one that is paused and one whose build was asked for and whose last build failed.</summary>
    private static void Images(TestStore store)
    {
        store.Put("debian-12", "4f1c9d2e", new ImageBuildRecord { State = ImageState.Ready, StateTime = 100, Builder = "b1.example", BuilderId = "b-1", Formats = ["qcow2", "raw"] });
        store.Put("debian-12", "77aa0b31", new ImageBuildRecord { State = ImageState.Ready, StateTime = 700, Builder = "b1.example", BuilderId = "b-1", Formats = ["qcow2"], Run = new BuildRunRecord { Started = 600, Seconds = 100, Phases = Phases } });
        store.Put("debian-12", "90fe1122", new ImageBuildRecord { State = ImageState.Building, StateTime = 995, Builder = "b1.example", BuilderId = "b-1", Run = new BuildRunRecord { Started = 965, Phases = [.. Phases.Take(2)] } });
        store.Put(NodepoolPaths.BuildsLock("debian-12") + "/0__lock__0000000000", ReadOnlyMemory<byte>.Empty);
        Upload(store, "4f1c9d2e", "cloud", 1, ImageState.Ready, 150);
        Upload(store, "4f1c9d2e", "elsewhere", 1, ImageState.Deleting, 160);
        Upload(store, "77aa0b31", "cloud", 1, ImageState.Failed, 720);
        Upload(store, "77aa0b31", "cloud", 2, ImageState.Ready, 760);
        Upload(store, "77aa0b31", "elsewhere", 1, ImageState.Uploading, 990);
        store.Put("idle", "5d5d5d5d", new ImageBuildRecord { State = ImageState.Ready, StateTime = 50, Builder = "b1.example", Formats = ["raw"] });
        store.Put(NodepoolPaths.ImagePause("idle"), ReadOnlyMemory<byte>.Empty);
        store.Put("fedora", "0badc0de", new ImageBuildRecord { State = ImageState.Failed, StateTime = 500, Builder = "b1.example", Failure = "disk-image-create failed with exit status 100", Run = Failed });
        store.Put(NodepoolPaths.BuildRequest("fedora"), ReadOnlyMemory<byte>.Empty);
    }

    private static void Upload(TestStore store, string build, string provider, int number, ImageState state, double since) => store.Put(
        "debian-12", build, provider, $"{number:0000000000}", new ImageUploadRecord
        {
            State = state,
            StateTime = since,
            ExternalId = state is ImageState.Ready or ImageState.Deleting ? $"img-{build[..2]}-{number}" : null,
            ExternalName = state == ImageState.Uploading ? null : $"debian-12-{build[..4]}",
            Format = "qcow2",
            Failure = state == ImageState.Failed ? "the cloud said 500" : null,
        });
}
