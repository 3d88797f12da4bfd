using Nodepool.Core.Model;
using Nodepool.Core.View;

namespace Nodepool.Core.Imaging;

/// <summary>Who stands on which upload. All nodes are looked at once, and only when somebody asks.</summary>
internal sealed class ImageUsers(ClusterView view)
{
    private readonly Lazy<ILookup<string, NodeState>> _nodes = new(() => view.Nodes.ById.Values
        .Where(node => node.Record?.ImageId is not null)
        .ToLookup(node => node.Record!.ImageId!, node => node.Record!.State, StringComparer.Ordinal));

    /// <summary>A launch that has begun with it is not over.</summary>
    public bool IsBooting(UploadView upload) => _nodes.Value[upload.Path].Contains(NodeState.Building);

    /// <summary>Some node was made from it, whatever its state: some clouds need the image as long as the instance lives.</summary>
    public bool IsUsed(UploadView upload) => _nodes.Value.Contains(upload.Path);
}
