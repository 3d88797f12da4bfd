namespace Nodepool.Core.Config.Reading;

/// <summary>Whether diskimages, providers that upload them and labels that boot them fit together.</summary>
internal static class ImageChecks
{
    public static void Run(ConfigMap root, NodepoolConfig config, IReadOnlyList<ProviderReading> readings)
    {
        var images = config.DiskImages.ToDictionary(image => image.Name, StringComparer.Ordinal);
        foreach (var reading in readings)
        {
            if (reading.Config is { } provider)
            {
                CheckUploads(images, reading, provider);
                CheckBoots(images, reading, provider);
                CheckCloudImages(reading, provider);
            }
        }

        CheckFormats(root, images, readings);
    }

    private static void CheckUploads(Dictionary<string, DiskImageConfig> images, ProviderReading reading, ProviderConfig provider)
    {
        // Asking for the key makes it a known one, which it is not with drivers that take no images.
        foreach (var map in provider.DiskImages.Count > 0 ? reading.Section.Maps("diskimages") : [])
        {
            if (map.IsHopeless || map.Text("name") is not { } name)
            {
                continue;
            }

            if (!images.TryGetValue(name, out var image))
            {
                map.Error("name", Missing(name, images, "; add it there"));
            }
            else if (image.IsAbstract)
            {
                map.Error("name", $"the diskimage {Wording.Quote(name)} is abstract, so it is never built; list one that has it as parent");
            }
        }
    }

    private static void CheckBoots(Dictionary<string, DiskImageConfig> images, ProviderReading reading, ProviderConfig provider)
    {
        var uploaded = provider.DiskImages.Select(image => image.Name).ToHashSet(StringComparer.Ordinal);
        foreach (var (section, label) in LabelsWhere(reading, provider, label => label.DiskImage is { } image && !uploaded.Contains(image)))
        {
            if (images.ContainsKey(label.DiskImage!))
            {
                // No error: files that have run for years have such labels, which never got a node here.
                section.Warn("diskimage", NotTaken(provider.Name, label.DiskImage!));
            }
            else
            {
                section.Error("diskimage", Missing(label.DiskImage!, images));
            }
        }
    }

    private static void CheckCloudImages(ProviderReading reading, ProviderConfig provider)
    {
        var existing = provider.CloudImages.Select(image => image.Name).ToHashSet(StringComparer.Ordinal);
        foreach (var (section, label) in LabelsWhere(reading, provider, label => label.CloudImage is { } image && !existing.Contains(image)))
        {
            var missing = $"the provider {Wording.Quote(provider.Name)} has no {Wording.Quote(label.CloudImage!)} in its 'cloud-images'";
            section.Error("cloud-image", Complaint.OfName(missing, label.CloudImage!, existing, "cloud-images here", "; add it there"));
        }
    }

    private static IEnumerable<(ConfigMap Section, PoolLabelConfig Label)> LabelsWhere(
        ProviderReading reading, ProviderConfig provider, Func<PoolLabelConfig, bool> isWrong)
    {
        foreach (var pool in provider.Pools)
        {
            var wrong = pool.Labels.Where(isWrong).ToList();
            if (wrong.Count == 0 || reading.Section.IsHopeless)
            {
                continue;
            }

            var sections = reading.PoolOrSelf(pool.Name).Maps("labels").ToLookup(map => map.Text("name"), StringComparer.Ordinal);
            foreach (var label in wrong.TakeWhile(_ => !reading.Section.IsHopeless))
            {
                yield return (sections[label.Name].LastOrDefault() ?? reading.Section, label);
            }
        }
    }

    private static void CheckFormats(ConfigMap root, Dictionary<string, DiskImageConfig> images, IReadOnlyList<ProviderReading> readings)
    {
        var formatted = new HashSet<string>(StringComparer.Ordinal);
        foreach (var reading in readings)
        {
            // A driver that does not exist here may well want a format.
            if (reading.Config is null or { ImageFormats.Count: > 0 })
            {
                formatted.UnionWith(reading.Section.Maps("diskimages").Select(image => image.Text("name") ?? ""));
            }
        }

        var unbuilt = new JointWarning((names, isOne) => isOne
            ? $"the diskimage {names} has no format and no provider that needs one, so it is never built; give it 'formats'"
            : $"the diskimages {names} have no format and no provider that needs one, so they are never built; give them 'formats'");
        foreach (var section in root.Maps("diskimages"))
        {
            var name = section.Text("name") ?? "";
            if (images.TryGetValue(name, out var image) && image is { IsAbstract: false, Formats.Count: 0 } && !formatted.Contains(name))
            {
                unbuilt.Add(section, "name", name);
            }
        }

        unbuilt.Report();
    }

    private static string NotTaken(string provider, string image) =>
        $"the provider {Wording.Quote(provider)} does not take {Wording.Quote(image)}, so this label gets no nodes here; add '- name: {Wording.Printable(image, 60)}' under its 'diskimages'";

    private static Complaint Missing(string name, Dictionary<string, DiskImageConfig> images, string remedy = "") =>
        Complaint.OfName($"no diskimage {Wording.Quote(name)} under 'diskimages' at top level", name, images.Keys, "diskimages here", remedy);
}
