using Nodepool.Core.Config;

namespace Nodepool.Providers.Kubernetes;

/// <summary>What a provider of driver <c>kubernetes</c>, <c>openshift</c> or <c>openshiftpods</c> adds to the common keys.</summary>
/// <param name="Context"><c>context</c> of the kubeconfig file; null: the cluster that the process runs in.</param>
public sealed record ClusterOptions(string? Context) : DriverOptions;
