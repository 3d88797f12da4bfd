using Nodepool.Core.Collections;

namespace Nodepool.Providers.Azure;

/// <summary>Which image a cloud image is.</summary>
public abstract record AzureImageChoice
{
    private AzureImageChoice()
    {
    }

    /// <summary>One of the marketplace; <c>image-reference</c>.</summary>
    /// <param name="Publisher"><c>publisher</c>.</param>
    /// <param name="Offer"><c>offer</c>.</param>
    /// <param name="Sku"><c>sku</c>.</param>
    /// <param name="Version"><c>version</c>, such as <c>latest</c>.</param>
    public sealed record Marketplace(string Publisher, string Offer, string Sku, string Version) : AzureImageChoice;

    /// <summary>Always the same; <c>image-id</c>.</summary>
    /// <param name="ImageId">Its full id.</param>
    public sealed record ById(string ImageId) : AzureImageChoice;

    /// <summary>Among those that fit, the last by name; <c>image-filter</c>.</summary>
    /// <param name="Name"><c>name</c>; null: any.</param>
    /// <param name="Location"><c>location</c>; null: any.</param>
    /// <param name="Tags"><c>tags</c>, all of which it must have.</param>
    public sealed record LastByName(string? Name, string? Location, ValueMap<string> Tags) : AzureImageChoice;

    /// <summary>One of a gallery; <c>shared-gallery-image</c> or <c>community-gallery-image</c>.</summary>
    /// <param name="IsCommunity">The gallery is open to everybody.</param>
    /// <param name="GalleryName"><c>gallery-name</c>.</param>
    /// <param name="Name"><c>name</c>.</param>
    /// <param name="Version"><c>version</c>; null: the newest.</param>
    public sealed record OfGallery(bool IsCommunity, string GalleryName, string Name, string? Version) : AzureImageChoice;
}
