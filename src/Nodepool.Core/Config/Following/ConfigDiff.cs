using Nodepool.Core.View;

namespace Nodepool.Core.Config.Following;

/// <summary>What a new configuration changes, so that only what changed is built anew. Compares records by value.</summary>
public sealed record ConfigDiff
{
    /// <summary>Top-level labels.</summary>
    public required ConfigChanges<string> Labels { get; init; }

    /// <summary>Diskimages, with what they inherit.</summary>
    public required ConfigChanges<string> DiskImages { get; init; }

    /// <summary>Providers whose own keys changed; a change in a pool alone does not count.</summary>
    public required ConfigChanges<string> Providers { get; init; }

    /// <summary>Pools, their labels included; those of added and removed providers too.</summary>
    public required ConfigChanges<PoolKey> Pools { get; init; }

    /// <summary>Whether anything else changed: directories, web server, hold age.</summary>
    public required bool IsRestChanged { get; init; }

    /// <summary>Whether nothing changed.</summary>
    public bool IsEmpty => Labels.IsEmpty && DiskImages.IsEmpty && Providers.IsEmpty && Pools.IsEmpty && !IsRestChanged;

    /// <summary>What changes from one configuration to another.</summary>
    public static ConfigDiff Between(NodepoolConfig before, NodepoolConfig after) => new()
    {
        Labels = ConfigChanges<string>.Between(before.Labels, after.Labels, label => label.Name, Equals),
        DiskImages = ConfigChanges<string>.Between(before.DiskImages, after.DiskImages, image => image.Name, Equals),
        Providers = ConfigChanges<string>.Between(before.Providers, after.Providers, provider => provider.Name, IsSameProvider),
        Pools = ConfigChanges<PoolKey>.Between(
            Pairs(before), Pairs(after), pair => new PoolKey(pair.Provider, pair.Pool.Name), (old, now) => old.Pool == now.Pool),
        IsRestChanged = Rest(before) != Rest(after),
    };

    /// <summary>One line for the log: each kind with its changes.</summary>
    public override string ToString()
    {
        (string Kind, string Changes)[] kinds =
        [
            ("labels", Labels.ToString()), ("diskimages", DiskImages.ToString()), ("providers", Providers.ToString()), ("pools", Pools.ToString()),
            ("settings", IsRestChanged ? "~" : ""),
        ];
        return string.Join("; ", kinds.Where(kind => kind.Changes.Length > 0).Select(kind => $"{kind.Kind} {kind.Changes}"));
    }

    private static bool IsSameProvider(ProviderConfig old, ProviderConfig now) => old with { Pools = [] } == now with { Pools = [] };

    private static IEnumerable<(string Provider, PoolConfig Pool)> Pairs(NodepoolConfig config) =>
        config.Providers.SelectMany(provider => provider.Pools.Select(pool => (provider.Name, pool)));

    private static NodepoolConfig Rest(NodepoolConfig config) => config with { Labels = [], DiskImages = [], Providers = [] };
}
