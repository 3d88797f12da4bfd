using Nodepool.Core.Config;
using Nodepool.Core.Config.Reading;
using Nodepool.Providers.Clouds;

namespace Nodepool.Providers.Gce;

/// <summary>Reads a provider section of driver <c>gce</c>.</summary>
internal static class GceSection
{
    private const double CallsPerSecond = 1;

    public static ProviderConfig Read(ConfigMap section)
    {
        var pools = CloudSection.Defaults(section);
        return ProviderSection.Read(section, pool => ReadPool(pool, pools)) with
        {
            CallInterval = CloudSection.CallInterval(section, CallsPerSecond, "rate-limit"),
            CloudImages = CloudSection.CloudImages(section, ReadCloudImage),
            Options = new GceOptions(section.RequiredText("project"), section.RequiredText("region"), section.RequiredText("zone")),
        };
    }

    private static GceCloudImageOptions ReadCloudImage(ConfigMap image) => new(ReadImage(image), image.Text("key"));

    private static GceImageChoice ReadImage(ConfigMap image)
    {
        if (image.Has("image-project") || image.Has("image-family"))
        {
            image.AtMostOne("image-id", image.Has("image-family") ? "image-family" : "image-project");
            return new GceImageChoice.NewestOfFamily(image.RequiredText("image-project"), image.RequiredText("image-family"));
        }

        image.ExactlyOne("image-id", "image-family");
        return new GceImageChoice.ById(image.Text("image-id", ""));
    }

    private static PoolConfig ReadPool(ConfigMap pool, PoolDefaults defaults)
    {
        var checking = pool.Bool("host-key-checking", defaults.HostKeyChecking);
        return CloudKeys.ReadPool(pool, defaults, label => ReadLabel(label, checking)) with
        {
            Options = new GcePoolOptions
            {
                Network = pool.Text("network"),
                Subnetwork = pool.Text("subnetwork"),
                UseInternalIp = pool.Bool("use-internal-ip", false),
            },
        };
    }

    private static PoolLabelConfig ReadLabel(ConfigMap label, bool hostKeyChecking)
    {
        if (label.Has("diskimage"))
        {
            label.Error("diskimage", "the driver 'gce' takes no images of ours; use 'cloud-image'");
        }
        else
        {
            label.RequiredText("cloud-image");
        }

        var usual = new GceLabelOptions(label.RequiredText("instance-type"));
        return ProviderSection.ReadLabel(label, hostKeyChecking) with
        {
            DiskImage = null,
            Options = usual with
            {
                VolumeType = label.Text("volume-type", usual.VolumeType),
                VolumeSizeGiB = label.Int("volume-size", usual.VolumeSizeGiB, min: 1),
            },
        };
    }
}
