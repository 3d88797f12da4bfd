using Nodepool.Core;
using Nodepool.Core.Collections;
using Nodepool.Core.Config;
using Nodepool.Providers.Fake;

namespace Nodepool.Testing.Simulation;

/// <summary>Draws a configuration: two clouds, a few pools, labels of which some are everywhere and some in one pool only, and a provider of hosts that exist.</summary>
internal static class SimConfig
{
    /// <summary>A label that no pool serves: requests for it fail.</summary>
    public const string Unserved = "nowhere";

    /// <summary>A label of the hosts alone.</summary>
    public const string Bare = "bare";

    /// <summary>Who asks for the nodes whose slots are nodes.</summary>
    public const string BackingRequestor = "NodePool:metastatic:slots";

    /// <summary>A label whose nodes are slots of nodes of the clouds.</summary>
    public const string Slot = "slot";

    /// <summary>The diskimage.</summary>
    public const string Image = "debian";

    /// <summary>Names of all providers.</summary>
    public static ValueList<string> Providers { get; } = ["alpha", "beta", "hosts", "slots"];

    /// <summary>Whom clients ask for; the first may be limited.</summary>
    public static ValueList<string> Tenants { get; } = ["tenant", "other"];

    /// <summary>Labels that clients ask for.</summary>
    public static ValueList<string> Labels { get; } = ["small", "large", "ours", "rare"];

    public static NodepoolConfig Draw(Random random)
    {
        var first = Provider(random, "alpha", [Pool(random, "a1", ["small", "large", "ours"]), Pool(random, "a2", ["small", "ours"])]);
        var second = Provider(random, "beta", [Pool(random, "b1", ["large", "rare", "ours"])]);
        var retention = random.Next(1, 4);
        return new NodepoolConfig
        {
            ImagesDir = "/images",
            TenantLimits = random.Next(2) == 0 ? [] : [new TenantLimit(Tenants[0], Quota.Of((Quota.Instances, random.Next(2, 7))))],
            MaxHoldAge = random.Next(2) == 0 ? TimeSpan.Zero : TimeSpan.FromSeconds(random.Next(60, 300)),
            Labels =
            [
                new() { Name = "small", MinReady = random.Next(3), MaxReadyAge = TimeSpan.FromSeconds(random.Next(2) * random.Next(60, 300)) },
                new() { Name = "large", MinReady = random.Next(2), ReadySchedule = random.Next(2) == 0 ? [] : [new ReadyWindow("*/3 * * * *", TimeSpan.FromSeconds(random.Next(30, 120)), random.Next(3))] },
                new() { Name = "ours", MinReady = random.Next(2), ReplacesOutdated = random.Next(2) == 0, Canary = retention < 2 || random.Next(2) == 0 ? null : Canary(random) },
                new() { Name = "rare" },
                new() { Name = Bare, MinReady = random.Next(2) * 9 },
                new() { Name = Slot, MaxReadyAge = TimeSpan.FromSeconds(random.Next(2) * random.Next(30, 120)) },
                new() { Name = Unserved },
            ],
            DiskImages =
            [
                new()
                {
                    Name = Image,
                    Formats = random.Next(2) == 0 ? ["qcow2"] : ["qcow2", "raw"],
                    RebuildAge = TimeSpan.FromSeconds(random.Next(3) > 0 ? random.Next(15, 60) : random.Next(120, 1200)),
                    BuildTimeout = TimeSpan.FromSeconds(120),
                    Retention = retention,
                    Canary = retention < 2 || random.Next(4) == 0 ? null : Canary(random),
                    DeleteAfterUpload = random.Next(2) == 0,
                },
            ],
            Providers =
            [
                first,
                second,
                new ProviderConfig { Name = "hosts", Driver = "static", Pools = [Hosts(random)] },
                new ProviderConfig { Name = "slots", Driver = "metastatic", IsBacked = true, LaunchRetries = random.Next(1, 4), LaunchTimeout = TimeSpan.FromSeconds(random.Next(100, 400)), Pools = [Slots(random)] },
            ],
        };
    }

    private static CanaryConfig Canary(Random random) =>
        new() { Share = random.Next(1, 5) / 4.0, Launches = random.Next(1, 6), MaxAge = TimeSpan.FromSeconds(random.Next(30, 300)), MaxSlowdown = 1 + random.NextDouble() };

    private static ProviderConfig Provider(Random random, string name, ValueList<PoolConfig> pools) => new()
    {
        Name = name,
        Driver = "fake",
        MaxConcurrency = random.Next(3) == 0 ? random.Next(1, 4) : -1,
        LaunchRetries = random.Next(1, 4),
        LaunchTimeout = TimeSpan.FromSeconds(random.Next(40, 200)),
        BootTimeout = TimeSpan.FromSeconds(random.Next(10, 40)),
        ImageFormats = ["qcow2"],
        UploadTimeout = TimeSpan.FromSeconds(random.Next(45, 200)),
        PostUploadHook = random.Next(2) == 0 ? "/hook" : null,
        DiskImages = [new() { Name = Image }],
        Pools = pools,
    };

    /// <summary>A pool of slots of other pools' nodes.</summary>
    internal static PoolConfig Slots(Random random) => new()
    {
        Name = "s1",
        Limits = Quota.Of((Quota.Instances, random.Next(2, 7))),
        Labels =
        [
            new()
            {
                Name = Slot,
                HostKeyChecking = random.Next(3) == 0,
                Backing = new BackingRule
                {
                    Label = random.Next(2) == 0 ? "large" : "small",
                    Slots = random.Next(1, 4),
                    GraceTime = TimeSpan.FromSeconds(random.Next(1, 40)),
                    MinRetentionTime = TimeSpan.FromSeconds(random.Next(2) * random.Next(60)),
                    MaxAge = random.Next(2) == 0 ? null : TimeSpan.FromSeconds(random.Next(60, 200)),
                },
            },
        ],
    };

    /// <summary>A pool of two hosts; the larger one also serves a label that the clouds have.</summary>
    internal static PoolConfig Hosts(Random random)
    {
        ValueList<MachineConfig> machines =
        [
            new() { Name = "big", Labels = random.Next(3) == 0 ? [Bare] : [Bare, "small"], Slots = random.Next(1, 4), HostKeys = ["ssh-ed25519 big"] },
            new() { Name = "little", Labels = [Bare], Username = random.Next(2) == 0 ? "zuul" : "root" },
        ];
        return new()
        {
            Name = "h1",
            Priority = random.Next(3) == 0 ? 50 : 100,
            Machines = machines,
            Labels = machines.SelectMany(machine => machine.Labels).Distinct().Select(label => new PoolLabelConfig { Name = label, HostKeyChecking = false }).ToValueList(),
        };
    }

    internal static PoolConfig Pool(Random random, string name, ValueList<string> labels) => new()
    {
        Name = name,
        Limits = random.Next(5) == 0 ? Quota.Of((Quota.Cores, random.Next(1, 8) * 4)) : Quota.Of((Quota.Instances, random.Next(1, 9))),
        Priority = random.Next(3) == 0 ? 50 : 100,
        Labels = labels.Select(label => new PoolLabelConfig
        {
            Name = label,
            DiskImage = label == "ours" ? Image : null,
            HostKeyChecking = random.Next(4) != 0,
            ConsoleLog = random.Next(2) == 0,
            Options = new FakeLabelOptions(FakeFlavor.All[0]),
        }).ToValueList(),
    };
}
