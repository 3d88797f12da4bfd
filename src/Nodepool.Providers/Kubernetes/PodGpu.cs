namespace Nodepool.Providers.Kubernetes;

/// <summary>Graphics processors for a container.</summary>
/// <param name="Resource"><c>gpu-resource</c>: the cluster's name of them.</param>
/// <param name="Amount"><c>gpu</c>: how many; a fraction where they can be shared.</param>
public sealed record PodGpu(string Resource, double Amount);
