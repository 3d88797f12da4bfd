using Nodepool.Core.Config;
using Nodepool.Core.Config.Reading;
using Nodepool.Providers.Clouds;

namespace Nodepool.Providers.Azure;

/// <summary>Reads a provider section of driver <c>azure</c>.</summary>
internal static class AzureSection
{
    private const double CallsPerSecond = 1;

    private static readonly ProviderDefaults Defaults = new() { BootTimeout = TimeSpan.FromMinutes(2) };

    public static ProviderConfig Read(ConfigMap section)
    {
        var pools = CloudSection.Defaults(section);
        var addresses = AzurePoolSection.ReadAddresses(section, new(false, false, new AddressChoice(PublicIpv4: true, PublicIpv6: false, UseInternalIp: false)));
        var key = section.Text("zuul-public-key");
        if (key is not null)
        {
            section.Warn("zuul-public-key", "an old key; give each image its own 'key'");
        }

        var group = section.RequiredText("resource-group");
        return ProviderSection.Read(section, pool => AzurePoolSection.Read(pool, pools, addresses), Defaults) with
        {
            CallInterval = CloudSection.CallInterval(section, CallsPerSecond),
            PostUploadHook = section.FilePath("post-upload-hook"),
            ImageFormats = ["vhd"],
            DiskImages = CloudSection.DiskImages(section, "tags", image => new AzureDiskImageOptions(AzureImageSection.ReadAccess(image, key))),
            CloudImages = CloudSection.CloudImages(section, image => AzureImageSection.ReadCloudImage(image, key)),
            Options = new AzureOptions
            {
                Location = section.RequiredText("location"),
                ResourceGroup = group,
                ResourceGroupLocation = section.RequiredText("resource-group-location"),
                AuthFile = section.FilePath("auth-path"),
                Network = ReadNetwork(section, group),
            },
        };
    }

    private static AzureNetworkChoice ReadNetwork(ConfigMap section, string resourceGroup)
    {
        if (section.ExactlyOne("subnet-id", "network") == "subnet-id")
        {
            return new AzureNetworkChoice.BySubnetId(section.Text("subnet-id", ""));
        }

        if (!section.IsMapping("network"))
        {
            return new AzureNetworkChoice.ByName(resourceGroup, section.Text("network", ""));
        }

        var network = section.Map("network")!;
        return new AzureNetworkChoice.ByName(
            network.Text("resource-group", resourceGroup), network.RequiredText("network"), network.Text("subnet", "default"));
    }
}
