using Nodepool.Core.Config.Reading;

namespace Nodepool.Providers.Azure;

/// <summary>Reads the elements of <c>cloud-images</c> and <c>diskimages</c>.</summary>
internal static class AzureImageSection
{
    /// <param name="image">The element.</param>
    /// <param name="providerKey">The provider's public key, for images that have none.</param>
    public static AzureCloudImageOptions ReadCloudImage(ConfigMap image, string? providerKey)
    {
        image.RequiredText("username");
        return new(ReadImage(image), ReadAccess(image, providerKey));
    }

    /// <inheritdoc cref="ReadCloudImage"/>
    public static AzureAccess ReadAccess(ConfigMap image, string? providerKey) => new()
    {
        Key = image.Text("key") ?? providerKey,
        Password = image.Secret("password"),
        GeneratePassword = image.Bool("generate-password", false),
    };

    private static AzureImageChoice ReadImage(ConfigMap image)
    {
        var kind = image.ExactlyOne("image-reference", "image-id", "image-filter", "shared-gallery-image", "community-gallery-image");
        if (kind is null or "image-id" || image.Map(kind) is not { } map)
        {
            return new AzureImageChoice.ById(image.Text("image-id", ""));
        }

        return kind switch
        {
            "image-reference" => new AzureImageChoice.Marketplace(
                map.RequiredText("publisher"), map.RequiredText("offer"), map.RequiredText("sku"), map.RequiredText("version")),
            "image-filter" => new AzureImageChoice.LastByName(map.Text("name"), map.Text("location"), map.TextMap("tags")),
            _ => new AzureImageChoice.OfGallery(
                kind == "community-gallery-image", map.RequiredText("gallery-name"), map.RequiredText("name"), map.Text("version")),
        };
    }
}
