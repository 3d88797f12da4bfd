using Nodepool.Core.Collections;

namespace Nodepool.Core;

/// <summary>
/// Amounts of resources by name. As a limit, a missing resource is unlimited; as a use, it is zero. Immutable; compares by content.
/// </summary>
/// <param name="Amounts">Resource name to amount; names as in a node's <c>resources</c>.</param>
public sealed record Quota(ValueMap<long> Amounts)
{
    /// <summary>Number of nodes.</summary>
    public const string Instances = "instances";

    /// <summary>Virtual CPUs.</summary>
    public const string Cores = "cores";

    /// <summary>Memory, MiB.</summary>
    public const string Ram = "ram";

    /// <summary>Number of volumes.</summary>
    public const string Volumes = "volumes";

    /// <summary>Size of all volumes together, GB.</summary>
    public const string VolumeGb = "volume-gb";

    /// <summary>No limit at all; as a use, nothing.</summary>
    public static Quota Unlimited { get; } = new(ValueMap<long>.Empty);

    /// <summary>Uses nothing.</summary>
    public static Quota Zero => Unlimited;

    /// <summary>An amount of each named resource.</summary>
    public static Quota Of(params ReadOnlySpan<(string Resource, long Amount)> amounts)
    {
        var items = new KeyValuePair<string, long>[amounts.Length];
        for (var i = 0; i < amounts.Length; i++)
        {
            items[i] = new(amounts[i].Resource, amounts[i].Amount);
        }

        return new Quota(new ValueMap<long>(items));
    }

    /// <summary>All of these uses together.</summary>
    public static Quota Sum(IEnumerable<Quota> uses)
    {
        ArgumentNullException.ThrowIfNull(uses);
        var sums = new Dictionary<string, long>(StringComparer.Ordinal);
        foreach (var use in uses)
        {
            foreach (var (resource, amount) in use.Amounts)
            {
                sums[resource] = sums.GetValueOrDefault(resource) + amount;
            }
        }

        return sums.Count == 0 ? Zero : new Quota(new ValueMap<long>(sums));
    }

    /// <summary>Both uses together.</summary>
    public Quota Plus(Quota other) => Combine(other, 1);

    /// <summary>This use without the other.</summary>
    public Quota Minus(Quota other) => Combine(other, -1);

    /// <summary>The first resource of which this use exceeds <paramref name="limit"/>, or null when it fits.</summary>
    public string? FirstExceeding(Quota limit)
    {
        foreach (var (resource, amount) in Amounts)
        {
            if (limit.Amounts.TryGetValue(resource, out var most) && amount > most)
            {
                return resource;
            }
        }

        return null;
    }

    /// <summary>Whether this use stays within <paramref name="limit"/>.</summary>
    public bool FitsIn(Quota limit) => FirstExceeding(limit) is null;

    /// <summary>The stricter of two limits for every resource.</summary>
    public Quota Tightest(Quota other)
    {
        var merged = new Dictionary<string, long>(Amounts, StringComparer.Ordinal);
        foreach (var (resource, amount) in other.Amounts)
        {
            merged[resource] = merged.TryGetValue(resource, out var mine) ? Math.Min(mine, amount) : amount;
        }

        return new Quota(new ValueMap<long>(merged));
    }

    private Quota Combine(Quota other, int sign)
    {
        if (other.Amounts.Count == 0)
        {
            return this;
        }

        var merged = new Dictionary<string, long>(Amounts, StringComparer.Ordinal);
        foreach (var (resource, amount) in other.Amounts)
        {
            merged[resource] = merged.GetValueOrDefault(resource) + (sign * amount);
        }

        return new Quota(new ValueMap<long>(merged));
    }
}
