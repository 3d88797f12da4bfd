using Nodepool.Core.Collections;
using Nodepool.Core.Config.Legacy;

namespace Nodepool.Core.Config;

/// <summary>One valid configuration file, as the operator wrote it; immutable. All paths are absolute.</summary>
public sealed record NodepoolConfig
{
    /// <summary>Where build files lie; <c>images-dir</c>. Null when absent: then this process cannot build.</summary>
    public string? ImagesDir { get; init; }

    /// <summary>Search path of diskimage-builder elements; <c>elements-dir</c>.</summary>
    public string? ElementsDir { get; init; }

    /// <summary>One log file per image build; <c>build-log-dir</c>.</summary>
    public string BuildLogDir { get; init; } = "/var/log/nodepool/builds";

    /// <summary>Build logs kept per image; -1 keeps all; <c>build-log-retention</c>.</summary>
    public int BuildLogRetention { get; init; } = 7;

    /// <summary>
    /// Where the embedded store (<c>state.db</c>) and what local providers keep lies; <c>state-dir</c>, an addition of this product.
    /// </summary>
    public string StateDir { get; init; } = "/var/lib/nodepool";

    /// <summary>The web server's address; <c>webapp</c>.</summary>
    public WebappConfig Webapp { get; init; } = new();

    /// <summary>Where the store is when several hosts share one.</summary>
    public ZooKeeperConfig ZooKeeper { get; init; } = new();

    /// <summary>Where the records are.</summary>
    public StorePlace Store => new(StateDir, ZooKeeper);

    /// <summary><c>tenant-resource-limits</c>; a tenant without an element is not limited.</summary>
    public ValueList<TenantLimit> TenantLimits { get; init; } = [];

    /// <summary>Longest age of a held node; zero is no limit; <c>max-hold-age</c>.</summary>
    public TimeSpan MaxHoldAge { get; init; }

    /// <summary>Where CI systems tell of the ends of jobs; <c>job-events</c>.</summary>
    public JobEventsConfig JobEvents { get; init; } = new();

    /// <summary><c>labels</c>, in file order.</summary>
    public ValueList<LabelConfig> Labels { get; init; } = [];

    /// <summary><c>diskimages</c>, in file order, with parents merged in.</summary>
    public ValueList<DiskImageConfig> DiskImages { get; init; } = [];

    /// <summary><c>providers</c> whose driver exists, in file order.</summary>
    public ValueList<ProviderConfig> Providers { get; init; } = [];

    /// <summary>
    /// <c>providers</c> whose keys are known but whose driver is not in this version, in file order: read and checked, never opened.
    /// </summary>
    public ValueList<ProviderConfig> UnservedProviders { get; init; } = [];

    /// <summary>What only the form before Nodepool 3 can say; null for a file of the present form.</summary>
    public LegacyConfig? Legacy { get; init; }

    /// <summary>The label of that name, or null.</summary>
    public LabelConfig? FindLabel(string name) => Labels.FirstOrDefault(label => label.Name == name);

    /// <summary>The diskimage of that name, or null.</summary>
    public DiskImageConfig? FindDiskImage(string name) => DiskImages.FirstOrDefault(image => image.Name == name);

    /// <summary>The provider of that name, or null.</summary>
    public ProviderConfig? FindProvider(string name) => Providers.FirstOrDefault(provider => provider.Name == name);
}
