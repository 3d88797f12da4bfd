using Nodepool.Core.Collections;
using Nodepool.Core.Config;
using Nodepool.Core.Config.Templates;

namespace Nodepool.Providers.Kubernetes;

/// <summary>What a label of driver <c>kubernetes</c>, <c>openshift</c> or <c>openshiftpods</c> adds to the common keys.</summary>
public sealed record ClusterLabelOptions : DriverOptions
{
    /// <summary>What a node is.</summary>
    public required ClusterNode Node { get; init; }

    /// <summary><c>labels</c> of what is made, beside ours.</summary>
    public ValueMap<string> Labels { get; init; } = ValueMap<string>.Empty;

    /// <summary><c>dynamic-labels</c>: labels made from the request; one that cannot be made is left out, the others stay.</summary>
    public ValueMap<FormatTemplate> DynamicLabels { get; init; } = ValueMap<FormatTemplate>.Empty;

    /// <summary><c>annotations</c> of what is made.</summary>
    public ValueMap<string> Annotations { get; init; } = ValueMap<string>.Empty;
}
