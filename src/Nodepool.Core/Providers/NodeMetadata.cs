namespace Nodepool.Core.Providers;

/// <summary>Metadata keys on instances, as the Python launchers write them.</summary>
public static class NodeMetadata
{
    /// <summary>Id of the node record.</summary>
    public const string NodeId = "nodepool_node_id";

    /// <summary>Name of the provider section.</summary>
    public const string ProviderName = "nodepool_provider_name";

    /// <summary>Name of the pool section.</summary>
    public const string PoolName = "nodepool_pool_name";

    /// <summary>Name of the diskimage or cloud image.</summary>
    public const string ImageName = "nodepool_image_name";

    /// <summary>Comma list of provider, image and label: groups of Ansible's inventory plug-in.</summary>
    public const string Groups = "groups";

    /// <summary>Token of the launch attempt (an addition of this product).</summary>
    public const string Token = "nodepool_token";
}
