using Nodepool.Core.Config.Reading;

namespace Nodepool.Providers.IbmVpc;

/// <summary>Reads the elements of <c>cloud-images</c>.</summary>
internal static class IbmVpcImageSection
{
    public static IbmVpcCloudImageOptions ReadCloudImage(ConfigMap image)
    {
        image.RequiredText("username");
        return new(ReadImage(image), image.Texts("keys"));
    }

    private static IbmVpcImageChoice ReadImage(ConfigMap image) =>
        image.ExactlyOne("image-href", "image-id", "image-name", "image-filter") switch
        {
            "image-href" => new IbmVpcImageChoice.ByHref(image.Text("image-href", "")),
            "image-name" => new IbmVpcImageChoice.ByName(image.Text("image-name", "")),
            "image-filter" when image.Map("image-filter") is { } filter => new IbmVpcImageChoice.Newest(
                filter.Map("operating-system") is { } system ? ReadSystem(system) : null, filter.Text("owner-type"), filter.Text("status")),
            _ => new IbmVpcImageChoice.ById(image.Text("image-id", "")),
        };

    private static IbmVpcOperatingSystem ReadSystem(ConfigMap system) => new()
    {
        Architecture = system.Text("architecture"),
        DedicatedHostOnly = system.OptionalBool("dedicated-host-only"),
        DisplayName = system.Text("display-name"),
        Family = system.Text("family"),
        Href = system.Text("href"),
        Name = system.Text("name"),
        Vendor = system.Text("vendor"),
        Version = system.Text("version"),
    };
}
