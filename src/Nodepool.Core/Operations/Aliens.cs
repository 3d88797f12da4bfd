using Nodepool.Core.Collections;
using Nodepool.Core.Model;
using Nodepool.Core.Model.Json;
using Nodepool.Core.Providers;
using Nodepool.Core.View;

namespace Nodepool.Core.Operations;

/// <summary>
/// Finds what exists at a provider and is none of this cluster's records: machines that people made by hand, those of other
/// deployments, and what our own launchers and builders lost and will delete as leaks. Pure; nothing is deleted because it is alien.
/// </summary>
public static class Aliens
{
    /// <summary>Key under which the first releases stored all their metadata, as JSON.</summary>
    private const string OldMetadata = "nodepool";

    /// <summary>Instances that no node record refers to, by its external id or by what the instance says of itself.</summary>
    /// <param name="view">A view that is not older than the listing.</param>
    /// <param name="provider">Name of the provider that was listed.</param>
    /// <param name="resources">All that it lists.</param>
    public static ValueList<CloudResource> Instances(ClusterView view, string provider, IEnumerable<CloudResource> resources)
    {
        ArgumentNullException.ThrowIfNull(view);
        var known = view.Nodes.ById.Values.Where(node => node.Record?.Provider == provider).SelectMany(node => ExternalIds(node.Record!.ExternalId)).ToHashSet(StringComparer.Ordinal);
        return resources
            .Where(resource => resource.Type == CloudResource.InstanceType && !known.Contains(resource.ExternalId) && !IsPartOfANode(view, resource))
            .OrderBy(resource => resource.Name, StringComparer.Ordinal).ThenBy(resource => resource.ExternalId, StringComparer.Ordinal)
            .ToValueList();
    }

    /// <summary>Images with a builder's metadata of which no upload record tells.</summary>
    /// <inheritdoc cref="Instances"/>
    public static ValueList<CloudResource> Images(ClusterView view, string provider, IEnumerable<CloudResource> resources)
    {
        ArgumentNullException.ThrowIfNull(view);
        var uploads = view.Images.Values.SelectMany(image => image.Uploads.Values).Where(upload => upload.Record?.State != ImageState.Failed).ToList();
        return resources
            .Where(resource => resource.Type == CloudResource.ImageType && resource.Metadata.ContainsKey(ImageMetadata.BuildId))
            .Where(resource => !uploads.Exists(upload => IsCopyOf(upload, provider, resource)))
            .OrderBy(resource => resource.Name, StringComparer.Ordinal).ThenBy(resource => resource.ExternalId, StringComparer.Ordinal)
            .ToValueList();
    }

    /// <summary>Which provider section and node or upload a resource was made for, by its own account; null when it does not say.</summary>
    public static string? MadeFor(CloudResource resource)
    {
        ArgumentNullException.ThrowIfNull(resource);
        var metadata = resource.Metadata;
        if (metadata.GetValueOrDefault(NodeMetadata.ProviderName) is { } provider)
        {
            return metadata.GetValueOrDefault(NodeMetadata.NodeId) is { } node ? $"{provider}, node {node}" : provider;
        }

        return metadata.GetValueOrDefault(OldMetadata) is { } old ? MadeForOld(old) : null;
    }

    /// <summary>A node of several parts (an instance on its own host, the members of a set) names them all in an object.</summary>
    private static IEnumerable<string> ExternalIds(RawJson id) =>
        id.IsNull ? [] : id.AsText() is { } text ? [text] : id.IsObject ? new JsonFields(id.Utf8).Rest().Values.SelectMany(ExternalIds) : [id.ToString()];

    /// <summary>
    /// A launch stores its instance's id only when the cloud has told it, and a node may have parts whose ids are stored nowhere; both
    /// bear the node's number and, if we made them, the token of its attempt.
    /// </summary>
    private static bool IsPartOfANode(ClusterView view, CloudResource resource) =>
        resource.Metadata.TryGetValue(NodeMetadata.NodeId, out var id)
        && view.Nodes.ById.TryGetValue(id, out var node)
        && (node.Record is null
            || (node.Record.Provider == resource.Metadata.GetValueOrDefault(NodeMetadata.ProviderName)
                && (node.Record.Launch is not { } launch || !resource.Metadata.TryGetValue(NodeMetadata.Token, out var token) || token == launch.Token)));

    /// <summary>While it is being uploaded its id is not known yet. Providers that share an account see each other's images.</summary>
    private static bool IsCopyOf(UploadView upload, string provider, CloudResource image)
    {
        var owner = image.Metadata.GetValueOrDefault(NodeMetadata.ProviderName) ?? provider;
        return upload.Provider == owner
            && (upload.Record?.ExternalId == image.ExternalId
                || (upload.Build == image.Metadata.GetValueOrDefault(ImageMetadata.BuildId) && upload.Id == image.Metadata.GetValueOrDefault(ImageMetadata.UploadId)));
    }

    private static string? MadeForOld(string json)
    {
        try
        {
            var fields = new JsonFields(System.Text.Encoding.UTF8.GetBytes(json));
            var node = fields.Raw("node_id");
            return fields.Text("provider_name") is { } provider ? node.IsNull ? provider : $"{provider}, node {node.AsText() ?? node.ToString()}" : null;
        }
        catch (RecordFormatException)
        {
            return null;
        }
    }
}
