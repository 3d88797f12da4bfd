namespace Nodepool.Providers.Kubernetes;

/// <summary>When the image of a container is fetched.</summary>
public enum PodImagePull
{
    /// <summary>When the host does not have it.</summary>
    IfNotPresent,

    /// <summary>At every start.</summary>
    Always,

    /// <summary>Never: the host must have it.</summary>
    Never,
}
