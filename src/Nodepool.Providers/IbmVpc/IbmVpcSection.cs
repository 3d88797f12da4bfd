using Nodepool.Core;
using Nodepool.Core.Config;
using Nodepool.Core.Config.Reading;
using Nodepool.Providers.Clouds;

namespace Nodepool.Providers.IbmVpc;

/// <summary>Reads a provider section of driver <c>ibmvpc</c>.</summary>
internal static class IbmVpcSection
{
    private const double CallsPerSecond = 1;

    private static readonly ProviderDefaults Defaults = new() { BootTimeout = TimeSpan.FromMinutes(2) };

    public static ProviderConfig Read(ConfigMap section)
    {
        IbmVpcPoolSection.CheckName(section);
        var pools = CloudSection.Defaults(section);
        var network = IbmVpcPoolSection.ReadNetwork(section, new IbmVpcNetwork());
        var images = CloudSection.DiskImages(section, metaKey: null, image => new IbmVpcDiskImageOptions(image.RequiredText("operating-system")));
        CloudKeys.CheckObjectStorage(section, images.Count > 0);
        return ProviderSection.Read(section, pool => IbmVpcPoolSection.Read(pool, pools, network), Defaults) with
        {
            CallInterval = CloudSection.CallInterval(section, CallsPerSecond),
            PostUploadHook = section.FilePath("post-upload-hook"),
            ImageFormats = [section.Text("image-format", "qcow2")],
            DiskImages = images,
            CloudImages = CloudSection.CloudImages(section, IbmVpcImageSection.ReadCloudImage),
            Options = new IbmVpcOptions
            {
                Vpc = section.RequiredText("vpc"),
                Region = section.RequiredText("region"),
                Limits = section.Map("quota") is { } quota
                    ? ProviderSection.ReadAmounts(quota, (Quota.Instances, Quota.Instances), (Quota.Cores, Quota.Cores), (Quota.Ram, Quota.Ram))
                    : Quota.Unlimited,
                CredentialsFile = section.FilePath("credentials-file"),
                ObjectStorage = section.Map("object-storage") is { } storage
                    ? new(storage.RequiredText("instance-name"), storage.RequiredText("endpoint"), storage.RequiredText("bucket-name"))
                    : null,
            },
        };
    }
}
