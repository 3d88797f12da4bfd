using Nodepool.Core.Collections;
using Nodepool.Core.Config;
using Nodepool.Core.Providers;

namespace Nodepool.Testing.Providers;

/// <summary>Launch orders as the launcher gives them.</summary>
public static class LaunchOrders
{
    /// <summary>An order for a node of the first label of the first pool.</summary>
    public static LaunchOrder New(ProviderConfig config, string nodeId, string token, string username = "zuul")
    {
        var pool = config.Pools[0];
        return New(config, pool, pool.Labels[0], nodeId, token) with { Username = username };
    }

    /// <summary>An order for a node of that label.</summary>
    public static LaunchOrder New(ProviderConfig config, PoolConfig pool, PoolLabelConfig label, string nodeId, string token) => new()
    {
        NodeId = nodeId,
        Token = token,
        Hostname = "np" + nodeId,
        Pool = pool,
        Label = label,
        Username = "zuul",
        Metadata = new ValueMap<string>(
        [
            new(NodeMetadata.NodeId, nodeId),
            new(NodeMetadata.ProviderName, config.Name),
            new(NodeMetadata.PoolName, pool.Name),
            new(NodeMetadata.ImageName, label.DiskImage ?? label.CloudImage ?? ""),
            new(NodeMetadata.Groups, $"{config.Name},{label.Name}"),
            new(NodeMetadata.Token, token),
        ]),
    };
}
