using Nodepool.Core.Config;
using Nodepool.Core.Model;
using Nodepool.Core.View;

namespace Nodepool.Status;

/// <summary>Providers that are in the records, but neither in the configuration nor run by a launcher: a sentence each, with the remedy.</summary>
internal static class LeftProviders
{
    /// <summary>With nodes. A launcher that had the provider until now is at it; after a restart nobody can open it.</summary>
    public static IEnumerable<string> WithNodes(ClusterView view, NodepoolConfig? config)
    {
        var left = view.Nodes.ById.Values.Select(node => node.Record).OfType<NodeRecord>().GroupBy(node => node.Provider ?? "", StringComparer.Ordinal)
            .Where(nodes => IsLeft(view, config, nodes.Key));
        foreach (var nodes in left.OrderBy(nodes => nodes.Key, StringComparer.Ordinal))
        {
            var states = string.Join(", ", nodes.GroupBy(node => node.State).OrderBy(same => same.Key).Select(same => $"{same.Count()} {same.Key.Word()}"));
            yield return $"provider {nodes.Key} has nodes ({states}) but is not in the configuration: a launcher that had it until then ends them; when that one has been stopped, put the section back until they are gone, or forget them with nodepool erase {nodes.Key}";
        }
    }

    /// <summary>With uploads, the same for builders.</summary>
    public static IEnumerable<string> WithUploads(ClusterView view, NodepoolConfig? config)
    {
        var left = view.Images.Values.SelectMany(image => image.Uploads.Values).GroupBy(upload => upload.Provider, StringComparer.Ordinal)
            .Where(uploads => IsLeft(view, config, uploads.Key));
        foreach (var uploads in left.OrderBy(uploads => uploads.Key, StringComparer.Ordinal))
        {
            var images = string.Join(", ", uploads.GroupBy(upload => upload.Image, StringComparer.Ordinal).OrderBy(same => same.Key, StringComparer.Ordinal).Select(same => $"{same.Count()} of {same.Key}"));
            yield return $"provider {uploads.Key} has uploads ({images}) but is not in the configuration: a builder that had it until then deletes them once no node needs them; when that one has been stopped, put the section back without pools and diskimages until they are gone, or forget them with nodepool erase {uploads.Key}";
        }
    }

    private static bool IsLeft(ClusterView view, NodepoolConfig? config, string provider) =>
        config is not null && config.FindProvider(provider) is null && !view.Pools.Any(pool => pool.ProviderName == provider);
}
