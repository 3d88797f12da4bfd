namespace Nodepool.Core.Config.Reading;

/// <summary>Whether labels that let uploads prove themselves boot from images of which there is a previous one.</summary>
internal static class CanaryChecks
{
    public static void Run(ConfigMap root, NodepoolConfig config)
    {
        var wary = config.Labels.Where(label => label.Canary is not null).Select(label => label.Name).ToHashSet(StringComparer.Ordinal);
        if (wary.Count == 0)
        {
            return;
        }

        var images = config.Providers.Concat(config.UnservedProviders).SelectMany(provider => provider.Pools).SelectMany(pool => pool.Labels)
            .Where(label => wary.Contains(label.Name)).ToLookup(label => label.Name, label => label.DiskImage, StringComparer.Ordinal);
        foreach (var section in root.Maps("labels").Where(section => !section.IsHopeless))
        {
            if (section.Text("name") is not { } name || !wary.Contains(name) || !images.Contains(name))
            {
                continue;
            }

            var built = images[name].OfType<string>().Distinct(StringComparer.Ordinal).ToList();
            if (built.FirstOrDefault(image => config.FindDiskImage(image) is { Retention: < 2 }) is { } single)
            {
                section.Error(CanarySection.Key, $"a canary needs an upload to go back to: give the diskimage {Wording.Quote(single)} an 'image-retention' of 2 or more");
            }
            else if (built.Count == 0)
            {
                section.Warn(CanarySection.Key, "no pool boots this label from a diskimage, so there are no uploads that could prove themselves");
            }
        }
    }
}
