using Nodepool.Core;
using Nodepool.Core.Config;
using Nodepool.Core.Config.Reading;
using Nodepool.Providers.Clouds;

namespace Nodepool.Providers.Aws;

/// <summary>Reads a provider section of driver <c>aws</c>.</summary>
internal static class AwsSection
{
    private const double CallsPerSecond = 2;

    private static readonly ProviderDefaults Defaults = new() { BootTimeout = TimeSpan.FromMinutes(3) };

    private static readonly (string Word, string Value)[] ImageFormats = [.. ((string[])["ova", "vhd", "vhdx", "vmdk", "raw"]).Select(format => (format, format))];

    public static ProviderConfig Read(ConfigMap section)
    {
        var pools = CloudSection.Defaults(section) with { Limits = ProviderSection.ReadLimits(section, Quota.Unlimited) };
        var addresses = CloudKeys.ReadAddresses(section, new AddressChoice(PublicIpv4: true, PublicIpv6: false, UseInternalIp: false));
        var images = CloudSection.DiskImages(section, "tags", AwsImageSection.ReadDiskImage);
        CloudKeys.CheckObjectStorage(section, images.Any(image => image.Options is AwsDiskImageOptions { ImportMethod: not AwsImportMethod.EbsDirect }));
        if (section.Has("hostname-format"))
        {
            section.Warn("hostname-format", "has no effect; hosts are named by the launcher");
        }

        return ProviderSection.Read(section, pool => AwsPoolSection.Read(pool, pools, addresses), Defaults) with
        {
            CallInterval = CloudSection.CallInterval(section, CallsPerSecond),
            PostUploadHook = section.FilePath("post-upload-hook"),
            ImageFormats = [section.Choice("image-format", "raw", ImageFormats)],
            DiskImages = images,
            CloudImages = CloudSection.CloudImages(section, AwsImageSection.ReadCloudImage),
            Options = new AwsOptions
            {
                Region = section.RequiredText("region-name"),
                Profile = section.Text("profile-name"),
                Bucket = section.Map("object-storage")?.RequiredText("bucket-name"),
                ImageImportTimeout = section.OptionalSeconds("image-import-timeout"),
            },
        };
    }
}
