using Nodepool.Core;
using Nodepool.Core.Collections;
using Nodepool.Core.Config;
using Nodepool.Providers.Fake;
using Nodepool.Providers.Fake.Cloud;
using Nodepool.Testing.Clouds;

namespace Nodepool.Testing.Simulation.Days;

/// <summary>
/// The world of a day: clouds with quotas, each with its ways, thirty labels of which some are everywhere and some in one pool only, five tenants of which one is
/// limited. Kills, partitions and the like are as rare per call as a bad day has some dozens of each.
/// </summary>
internal sealed class DayPlan(DaySettings settings)
{
    private const int Labels = 30;
    private const int Everywhere = 10;
    private const int InHalf = 20;

    /// <summary>As from a busy store; half a second at most.</summary>
    private const double MostDelivery = 0.5;

    private static readonly FaultRates Faults = new()
    {
        Delivery = MostDelivery,
        Kill = 0.00003,
        Partition = 0.00003,
        Stall = 0.00005,
        Slow = 0.005,
        Unavailable = 0.0005,
        LostAnswer = 0.0005,
        WatchLag = 0.002,
        Resync = 0.0002,
        Repeat = 0.002,
        BrokenLock = 0.05,
    };

    private readonly Dictionary<string, Quota> _quotas = new(StringComparer.Ordinal);

    /// <summary>Whom clients ask for, the last with a limit.</summary>
    public static ValueList<string> Tenants { get; } = ["ocean", "river", "lake", "pond", "well"];

    /// <summary>Most nodes that the limited tenant may have.</summary>
    public const int TenantRoom = 40;

    /// <summary>Of the image: its uploads to ten clouds alone take some twenty minutes.</summary>
    public static TimeSpan RebuildAge { get; } = TimeSpan.FromHours(6);

    /// <summary>Name of a label, the most popular first.</summary>
    public static string Label(int number) => $"label{number:00}";

    /// <summary>A label by chance: the first is asked for ten times as often as the last.</summary>
    public static string Draw(Random random) => Label((int)(Labels * random.NextDouble() * random.NextDouble()));

    /// <summary>The ways of a provider's cloud.</summary>
    public CloudProfile ProfileOf(string provider) => settings.Clouds[Enumerable.Range(0, settings.Clouds.Count).First(index => Name(index) == provider)];

    /// <summary>The world.</summary>
    /// <param name="seed">Of the day.</param>
    public SimPlan Plan(int seed) => new(_ => settings.HasFaults ? Faults : new FaultRates { Delivery = MostDelivery }, Config, Shape, $"./dev bench day {seed}{(settings == DaySettings.Noon ? " noon" : settings == DaySettings.Crowded ? " crowded" : "")} trace=trace.txt");

    private NodepoolConfig Config(Random random)
    {
        var providers = settings.Clouds.Select((_, index) => Provider(random, index)).ToValueList();
        return new NodepoolConfig
        {
            ImagesDir = "/images",
            TenantLimits = [new TenantLimit(Tenants[^1], Quota.Of((Quota.Instances, TenantRoom)))],
            MaxHoldAge = TimeSpan.FromMinutes(20),
            Labels = [.. Enumerable.Range(0, Labels).Select(number => new LabelConfig { Name = Label(number), MinReady = Math.Max(0, 10 - (4 * number)), MaxReadyAge = TimeSpan.FromHours(2) })],
            DiskImages =
            [
                new() { Name = SimConfig.Image, Formats = ["qcow2"], RebuildAge = RebuildAge, BuildTimeout = TimeSpan.FromHours(1) },
            ],
            Providers = providers,
        };
    }

    private ProviderConfig Provider(Random random, int index)
    {
        var room = random.Next(28, 50);
        _quotas[Name(index)] = index % 3 == 2 ? Quota.Of((Quota.Cores, room * FakeFlavor.All[0].Cores)) : Quota.Of((Quota.Instances, room));
        var pools = index % 2 == 0 ? 2 : 1;
        return new ProviderConfig
        {
            Name = Name(index),
            Driver = "fake",
            MaxConcurrency = settings.MaxConcurrency,
            IsGoverned = settings.IsGoverned,
            LaunchRetries = 2,
            LaunchTimeout = TimeSpan.FromMinutes(10),
            BootTimeout = TimeSpan.FromMinutes(1),
            ImageFormats = ["qcow2"],
            UploadTimeout = TimeSpan.FromHours(1),
            DiskImages = [new() { Name = SimConfig.Image }],
            Pools = [.. Enumerable.Range(0, pools).Select(pool => Pool(random, index, pool, pools == 1 ? null : room * 2 / 3))],
        };
    }

    private static PoolConfig Pool(Random random, int provider, int pool, int? limit) => new()
    {
        Name = $"pool{pool}",
        Limits = limit is { } most ? Quota.Of((Quota.Instances, most)) : Quota.Unlimited,
        Labels =
        [
            .. Enumerable.Range(0, Labels).Where(number => number < Everywhere || IsServed(random, number, provider, pool)).Select(number => new PoolLabelConfig
            {
                Name = Label(number),
                DiskImage = number % 3 == 0 ? SimConfig.Image : null,
                HostKeyChecking = number % 2 == 0,
                Options = new FakeLabelOptions(FakeFlavor.All[0]),
            }),
        ],
    };

    /// <summary>The first provider has every label, its second pool the last two of them alone.</summary>
    private static bool IsServed(Random random, int number, int provider, int pool) =>
        number >= Labels - 2 ? provider == 0 && pool == 1
        : provider == 0 ? pool == 0
        : random.Next(number < InHalf ? 2 : 4) == 0;

    private void Shape(string provider, FakeCloud cloud, Sources sources, SimFaults faults, Random random)
    {
        cloud.Behaviour.Limits = _quotas[provider];
        cloud.Behaviour.UploadLatency = TimeSpan.FromSeconds(random.Next(60, 300));
        cloud.Behaviour.TellsHostKeys = random.Next(2) == 0;
        ProfileOf(provider).ApplyTo(cloud, sources, settings.AgeOfClouds, () => faults.IsActive);
    }

    private static string Name(int index) => $"cloud{index}";
}
