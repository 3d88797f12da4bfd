using Nodepool.Core.Collections;

namespace Nodepool.Providers.Kubernetes;

/// <summary>Where the sections of the three drivers for clusters differ.</summary>
internal sealed record ClusterDialect
{
    /// <summary>Driver <c>kubernetes</c>: namespaces and pods.</summary>
    public static ClusterDialect Kubernetes { get; } = new() { NamespaceWord = "namespace" };

    /// <summary>Driver <c>openshift</c>: projects, which the account may create, and pods.</summary>
    public static ClusterDialect OpenShift { get; } =
        new() { NamespaceWord = "project", NeedsContext = true, HasPullSecrets = true, ServersSpellings = ["max-projects"] };

    /// <summary>Driver <c>openshiftpods</c>: pods in projects that exist.</summary>
    public static ClusterDialect OpenShiftPods { get; } =
        new() { NeedsContext = true, NeedsImage = true, HasPullSecrets = true, ServersSpellings = ["max-pods", "max-projects"] };

    /// <summary>The <c>type</c> of labels whose node is a whole namespace; null: there are only pods.</summary>
    public string? NamespaceWord { get; init; }

    /// <summary><c>context</c> must be given; else the cluster that the process itself runs in may be meant.</summary>
    public bool NeedsContext { get; init; }

    /// <summary>A pod without <c>image</c> and <c>spec</c> is an error.</summary>
    public bool NeedsImage { get; init; }

    /// <summary>Labels have <c>image-pull-secrets</c>.</summary>
    public bool HasPullSecrets { get; init; }

    /// <summary>Other names of <c>max-servers</c>.</summary>
    public ValueList<string> ServersSpellings { get; init; } = [];
}
