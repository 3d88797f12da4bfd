using Nodepool.Core.Collections;
using Nodepool.Core.Config;

namespace Nodepool.Providers.Kubernetes;

/// <summary>A pod with one container.</summary>
public sealed record PodTemplate
{
    /// <summary><c>image</c> of the container; null, which only some drivers let pass, starts nothing.</summary>
    public string? Image { get; init; }

    /// <summary><c>image-pull</c>.</summary>
    public PodImagePull ImagePull { get; init; } = PodImagePull.IfNotPresent;

    /// <summary><c>image-pull-secrets</c>: names of the secrets that open the registry.</summary>
    public ValueList<string> ImagePullSecrets { get; init; } = [];

    /// <summary><c>python-path</c> in the container.</summary>
    public string PythonPath { get; init; } = "auto";

    /// <summary><c>shell-type</c>; null: none.</summary>
    public string? ShellType { get; init; }

    /// <summary>What the container is promised: <c>cpu</c>, <c>memory</c>, <c>storage</c>, or the pool's <c>default-label-*</c>.</summary>
    public PodAmounts Requests { get; init; } = new();

    /// <summary>What the container may use at most: <c>*-limit</c>, or the pool's <c>default-label-*-limit</c>, or what it is promised.</summary>
    public PodAmounts Limits { get; init; } = new();

    /// <summary><c>extra-resources</c>, or the pool's: names of the cluster's resources and whole amounts.</summary>
    public ValueMap<long> ExtraResources { get; init; } = ValueMap<long>.Empty;

    /// <summary><c>gpu-resource</c> and <c>gpu</c>; null: none.</summary>
    public PodGpu? Gpu { get; init; }

    /// <summary><c>env</c>: environment of the container.</summary>
    public ValueList<PodVariable> Environment { get; init; } = [];

    /// <summary><c>node-selector</c>: labels that the host must have.</summary>
    public ValueMap<string> NodeSelector { get; init; } = ValueMap<string>.Empty;

    /// <summary><c>privileged</c>; null: as the cluster has it.</summary>
    public bool? Privileged { get; init; }

    /// <summary><c>scheduler-name</c>; null: the usual one.</summary>
    public string? Scheduler { get; init; }

    /// <summary><c>volumes</c> in the cluster's words.</summary>
    public ValueList<DataValue> Volumes { get; init; } = [];

    /// <summary><c>volume-mounts</c> in the cluster's words.</summary>
    public ValueList<DataValue> VolumeMounts { get; init; } = [];
}
