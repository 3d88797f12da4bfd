using Nodepool.Core;
using Nodepool.Core.Collections;

namespace Nodepool.Providers.Fake;

/// <summary>A size of instances.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Ram">Memory, MiB.</param>
/// <param name="Cores">Virtual CPUs.</param>
public sealed record FakeFlavor(string Name, int Ram, int Cores)
{
    /// <summary>The flavours of every fake cloud; the first is the default. The same as Python's.</summary>
    public static ValueList<FakeFlavor> All { get; } = [new("Fake Flavor", 8192, 4), new("Unreal Flavor", 8192, 4)];

    /// <summary>What one instance of it uses.</summary>
    public Quota Cost => Quota.Of((Quota.Instances, 1), (Quota.Cores, Cores), (Quota.Ram, Ram));

    /// <summary>
    /// The flavour that a label means: with <paramref name="minRam"/> the smallest that has as much and whose name contains
    /// <paramref name="name"/>, else the one of that very name; the default when neither is given; null when there is none.
    /// </summary>
    public static FakeFlavor? Find(int? minRam, string? name) => (minRam, name) switch
    {
        (null, null) => All[0],
        (null, _) => All.FirstOrDefault(flavor => flavor.Name == name),
        _ => All.Where(flavor => flavor.Ram >= minRam && flavor.Name.Contains(name ?? "", StringComparison.Ordinal))
            .OrderBy(flavor => flavor.Ram).ThenBy(flavor => flavor.Name, StringComparer.Ordinal).FirstOrDefault(),
    };
}
