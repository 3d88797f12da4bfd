using Nodepool.Core.Config;

namespace Nodepool.Providers.Kubernetes;

/// <summary>What a node of a cluster is.</summary>
public abstract record ClusterNode
{
    private ClusterNode()
    {
    }

    /// <summary>An empty namespace (OpenShift: project) with an account that may do anything in it.</summary>
    public sealed record Namespace : ClusterNode;

    /// <summary>A pod with one container, described key by key.</summary>
    /// <param name="Template">The keys.</param>
    public sealed record Pod(PodTemplate Template) : ClusterNode;

    /// <summary>A pod whose specification is passed on as it is.</summary>
    /// <param name="Spec"><c>spec</c>.</param>
    public sealed record SpecifiedPod(DataValue.Mapping Spec) : ClusterNode;
}
