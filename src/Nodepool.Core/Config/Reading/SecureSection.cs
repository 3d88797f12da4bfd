using Nodepool.Core.Collections;
using Nodepool.Core.Config.Reading.V2;

namespace Nodepool.Core.Config.Reading;

/// <summary>What a secure file may hold, and how it is put over the configuration. No message repeats a value of it.</summary>
internal static class SecureSection
{
    /// <summary>The configuration with the secure file's values; what is wrong is added to the document's problems.</summary>
    /// <param name="secure">The secure file; not read yet.</param>
    /// <param name="config">The configuration.</param>
    /// <param name="file">Its file, for messages.</param>
    public static NodepoolConfig Apply(ConfigDocument secure, NodepoolConfig config, string file)
    {
        if (secure.Root is not { } root)
        {
            return config;
        }

        if (secure.HasSections)
        {
            return LegacySecureSection.Apply(root, config, file);
        }

        var zooKeeper = ZooKeeperSection.Read(root, config.ZooKeeper);
        var images = ReadImages(root, config, file);
        secure.ReportUnknownKeys();
        return config with
        {
            ZooKeeper = zooKeeper,
            DiskImages = config.DiskImages.Select(image => images.GetValueOrDefault(image.Name, image)).ToValueList(),
        };
    }

    private static Dictionary<string, DiskImageConfig> ReadImages(ConfigMap root, NodepoolConfig config, string file)
    {
        var changed = new Dictionary<string, DiskImageConfig>(StringComparer.Ordinal);
        foreach (var section in root.Maps("diskimages"))
        {
            var name = section.RequiredText("name");
            var variables = section.TextMap("env-vars");
            if (config.FindDiskImage(name) is not { } image)
            {
                if (section.Has("name"))
                {
                    section.Error("name", $"{file} has no diskimage of this name{Near(name, config)}");
                }

                continue;
            }

            if (image.IsAbstract)
            {
                // As in Python the values are put over the finished image, so nobody inherits them.
                section.Warn("name", "this diskimage is abstract, it is never built, and those that have it as parent do not inherit from here: name them instead");
            }

            var before = changed.GetValueOrDefault(name, image);
            changed[name] = before with
            {
                EnvVars = new ValueMap<string>([.. before.EnvVars, .. variables]),
                SecretVariables = before.SecretVariables.Union(variables.Select(pair => pair.Key)).ToValueList(),
            };
        }

        return changed;
    }

    private static string Near(string name, NodepoolConfig config) =>
        NearestName.Of(name, [.. config.DiskImages.Select(image => image.Name)]) is { } near ? $" (did you mean {Wording.Quote(near)}?)" : "";
}
