using Nodepool.Core.Config;
using Nodepool.Core.Config.Reading;
using Nodepool.Core.Config.Templates;

namespace Nodepool.Providers.OpenStack;

/// <summary>Reads a provider section of the openstack driver, and of the fake driver, which has the same keys.</summary>
internal static class OpenStackSection
{
    private const string DefaultImageFormat = "qcow2";
    private const string ImageNameKey = "image-name-format";
    private static readonly TimeSpan UsualCallInterval = TimeSpan.FromSeconds(1);

    /// <summary>Keys that files of the first years after Nodepool 3 still carry.</summary>
    private static readonly (string Key, string Reason)[] OldKeys =
    [
        ("api-timeout", "give 'api_timeout' in clouds.yaml"), ("ipv6-preferred", "nodes have both addresses; whoever uses them chooses"),
        ("hostname-format", "hosts are named by the launcher"), ("template-hostname", "give 'image-name-format'"),
        ("keypair", "give 'key-name' to the labels of pools"), ("pool", "floating addresses come from the network that the cloud has for them"),
    ];

    /// <summary>The section with its <see cref="OpenStackOptions"/>.</summary>
    /// <param name="section">The element of <c>providers</c>.</param>
    /// <param name="imageFormat">Format of uploads unless <c>image-format</c> names one; null for the usual.</param>
    /// <param name="finishLabel">Checks a label and gives its options, made from what was read.</param>
    public static ProviderConfig Read(ConfigMap section, string? imageFormat, Func<ConfigMap, OpenStackLabelOptions, DriverOptions> finishLabel)
    {
        var defaults = ProviderSection.Defaults(section);
        var options = ReadOptions(section);
        return ProviderSection.Read(section, pool => OpenStackPoolSection.Read(pool, defaults, finishLabel)) with
        {
            // With this driver a time; with the others a number of calls per second.
            CallInterval = section.Seconds("rate", UsualCallInterval),
            PostUploadHook = section.FilePath("post-upload-hook"),
            UploadTimeout = options.ImageUploadTimeout,
            ImageName = options.ImageName,
            CloudImages = CloudSection.CloudImages(section, ReadCloudImage),
            DiskImages = CloudSection.DiskImages(section, readOptions: ReadDiskImage),
            ImageFormats = [section.Text(section.Spelling("image-format", "image-type"), imageFormat ?? DefaultImageFormat)],
            Options = options,
        };
    }

    private static OpenStackOptions ReadOptions(ConfigMap section)
    {
        // Every daemon has its own mark in the metadata already.
        section.Ignore("nodepool-id");
        WarnOfOldKeys(section);

        var usual = new OpenStackOptions { Cloud = section.Text("cloud", "") };
        return usual with
        {
            Region = section.Text("region-name"),
            ImageUploadTimeout = section.Seconds("image-upload-timeout", usual.ImageUploadTimeout),
            ImageName = ReadImageName(section),
            CleanFloatingIps = section.Bool("clean-floating-ips", usual.CleanFloatingIps),
            PortCleanupInterval = section.Seconds("port-cleanup-interval", usual.PortCleanupInterval),
        };
    }

    private static FormatTemplate ReadImageName(ConfigMap section)
    {
        // The first files for Nodepool 3 have the field of the form before it.
        var text = section.Text(ImageNameKey, OpenStackOptions.DefaultImageName).Replace("{image.name}", "{image_name}", StringComparison.Ordinal);
        return FormatTemplate.TryParse(text, FormatVocabulary.ImageName, out var template, out _)
            ? template
            : section.Template(ImageNameKey, FormatVocabulary.ImageName, OpenStackOptions.DefaultImageName);
    }

    private static void WarnOfOldKeys(ConfigMap section)
    {
        foreach (var (key, reason) in OldKeys)
        {
            if (section.Has(key))
            {
                section.Warn(key, $"has no effect; {reason}");
            }
        }
    }

    private static OpenStackDiskImageOptions ReadDiskImage(ConfigMap image) => new(image.OptionalBool("config-drive"));

    private static OpenStackCloudImageOptions ReadCloudImage(ConfigMap image)
    {
        image.AtMostOne("image-id", "image-name");
        return new(image.Text("image-id"), image.Text("image-name"), image.OptionalBool("config-drive"));
    }
}
