using Nodepool.Core.Config;
using Nodepool.Core.Model;

namespace Nodepool.Core.Canaries;

/// <summary>In which trial launches take part, and by which section.</summary>
/// <param name="Scope">The trial.</param>
/// <param name="Config">How uploads prove themselves in it; null: the newest serves all.</param>
public sealed record LaunchCanary(CanaryScope Scope, CanaryConfig? Config)
{
    /// <summary>That of a label's launches: the label's own section goes before the diskimage's.</summary>
    public static LaunchCanary Of(NodepoolConfig config, string image, string provider, string label)
    {
        ArgumentNullException.ThrowIfNull(config);
        return config.FindLabel(label)?.Canary is { } own
            ? new LaunchCanary(new CanaryScope(provider, label), own)
            : new LaunchCanary(new CanaryScope(provider), config.FindDiskImage(image)?.Canary);
    }

    /// <summary>All trials of an image that a configuration wants: at each provider that takes it one for its diskimage's section, and one for each label with a section of its own.</summary>
    public static IEnumerable<LaunchCanary> All(NodepoolConfig config, string image)
    {
        ArgumentNullException.ThrowIfNull(config);
        var section = config.FindDiskImage(image);
        if (section is null)
        {
            yield break;
        }

        var own = config.Labels.Where(label => label.Canary is not null).DistinctBy(label => label.Name).ToDictionary(label => label.Name, label => label.Canary!, StringComparer.Ordinal);
        foreach (var provider in config.Providers.Where(provider => provider.FindDiskImage(image) is not null))
        {
            if (section.Canary is { } canary)
            {
                yield return new LaunchCanary(new CanaryScope(provider.Name), canary);
            }

            var served = own.Count == 0 ? [] : provider.Pools.SelectMany(pool => pool.Labels).Where(label => label.DiskImage == image).Select(label => label.Name);
            foreach (var label in served.Where(own.ContainsKey).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal))
            {
                yield return new LaunchCanary(new CanaryScope(provider.Name, label), own[label]);
            }
        }
    }
}
