using Nodepool.Core.Collections;
using Nodepool.Core.Model;
using Nodepool.Core.Providers;
using Nodepool.Core.View;

namespace Nodepool.Core.Launching.Duties;

/// <summary>
/// Finds what bears our metadata at a provider but belongs to no record. Pure. A resource is a leak only after two sightings, because a
/// listing and a view are never of the same instant.
/// </summary>
public static class LeakPlanner
{
    /// <summary>Resources that no record refers to.</summary>
    /// <param name="view">A view that is not older than the listing.</param>
    /// <param name="provider">Name of the provider.</param>
    /// <param name="resources">All that the provider lists.</param>
    public static ValueList<CloudResource> Unowned(ClusterView view, string provider, IEnumerable<CloudResource> resources) =>
        resources.Where(resource => Belongs(resource, provider) && !IsReferred(view, provider, resource)).ToValueList();

    private static bool Belongs(CloudResource resource, string provider) =>
        resource.Metadata.TryGetValue(NodeMetadata.ProviderName, out var name) && name == provider;

    private static bool IsReferred(ClusterView view, string provider, CloudResource resource)
    {
        if (resource.Metadata.TryGetValue(NodeMetadata.NodeId, out var id))
        {
            // The token tells a node from an earlier one of the same number and an attempt from the attempts before it.
            return view.Nodes.ById.TryGetValue(id, out var node)
                && (node.Record?.Launch is not { } launch || !resource.Metadata.TryGetValue(NodeMetadata.Token, out var token) || token == launch.Token);
        }

        if (resource.Metadata.TryGetValue(ImageMetadata.BuildId, out var build) && resource.Metadata.TryGetValue(ImageMetadata.UploadId, out var number))
        {
            return view.Images.Values.Any(image => image.Uploads.Values.Any(upload =>
                upload.Build == build && upload.Provider == provider && upload.Id == number && IsItsImage(upload.Record, resource)));
        }

        // Bears our name but nothing by which it could be found in the records: left alone.
        return !resource.Metadata.TryGetValue(NodeMetadata.Token, out var name) || IsInProgress(view, provider, resource, name);
    }

    /// <summary>An upload that is over stands for the image that it names; what a failed one has left is nobody's. Parts of another kind go with their image.</summary>
    private static bool IsItsImage(ImageUploadRecord? upload, CloudResource resource) =>
        resource.Type != CloudResource.ImageType || upload is null or { State: ImageState.Uploading } || upload.ExternalId == resource.ExternalId;

    /// <summary>A driver that finds something half-made, whose metadata is lost, still knows its name.</summary>
    private static bool IsInProgress(ClusterView view, string provider, CloudResource resource, string name) => resource.Type == CloudResource.ImageType
        ? view.Images.Values.Any(image => image.Uploads.Values.Any(upload => upload.Provider == provider
            && (upload.Record is null or { State: ImageState.Uploading } || upload.Record.ExternalId == name)))
        : view.Nodes.ById.Values.Any(node => node.Record is null || node.Record.Launch?.Token == name);
}
