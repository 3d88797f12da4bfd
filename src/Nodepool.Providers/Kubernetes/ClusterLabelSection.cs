using Nodepool.Core.Collections;
using Nodepool.Core.Config;
using Nodepool.Core.Config.Reading;
using Nodepool.Core.Config.Templates;

namespace Nodepool.Providers.Kubernetes;

/// <summary>Reads the labels of a cluster's pools, which have two shapes: key by key, or with a whole <c>spec</c>.</summary>
internal static class ClusterLabelSection
{
    private static readonly string[] KeysBesideNoSpec =
    [
        "image", "image-pull", "image-pull-secrets", "python-path", "shell-type", "cpu", "memory", "storage", "cpu-limit", "memory-limit", "storage-limit", "gpu",
        "gpu-resource", "env", "node-selector", "privileged", "scheduler-name", "volumes", "volume-mounts", "extra-resources",
    ];

    private static readonly (string Word, PodImagePull Value)[] ImagePulls =
        [("IfNotPresent", PodImagePull.IfNotPresent), ("Always", PodImagePull.Always), ("Never", PodImagePull.Never)];

    public static PoolLabelConfig Read(ConfigMap label, ClusterPoolDefaults pool, ClusterDialect dialect) => new()
    {
        Name = label.RequiredText("name"),
        // Nothing is asked over ssh: clients talk to the cluster.
        HostKeyChecking = false,
        Options = new ClusterLabelOptions
        {
            Node = ReadNode(label, pool, dialect),
            Labels = label.TextMap("labels"),
            DynamicLabels = label.Templates("dynamic-labels", FormatVocabulary.Request),
            Annotations = label.TextMap("annotations"),
        },
    };

    private static ClusterNode ReadNode(ConfigMap label, ClusterPoolDefaults pool, ClusterDialect dialect)
    {
        var isPod = IsPod(label, dialect);
        var template = ReadTemplate(label, pool, dialect);
        if (!isPod)
        {
            if (label.AtMostOne("image", "spec") is { } useless)
            {
                label.Warn(useless, $"has no effect: a {dialect.NamespaceWord} has no pod of its own; did you mean 'type: pod'?");
            }

            return new ClusterNode.Namespace();
        }

        if (!label.Has("spec"))
        {
            CheckImage(label, dialect);
            return new ClusterNode.Pod(template);
        }

        foreach (var key in KeysBesideNoSpec.Where(label.Has))
        {
            label.Error(key, $"'{key}' and 'spec' exclude each other; say it inside the 'spec'");
        }

        return label.Data("spec") is { } spec ? new ClusterNode.SpecifiedPod(spec) : new ClusterNode.Pod(template);
    }

    private static void CheckImage(ConfigMap label, ClusterDialect dialect)
    {
        if (dialect.NeedsImage)
        {
            label.AtLeastOne("image", "spec");
        }
        else if (!label.Has("image"))
        {
            label.Warn("", "neither 'image' nor 'spec' is given, so no pod of this label can start");
        }
    }

    private static bool IsPod(ConfigMap label, ClusterDialect dialect) => dialect.NamespaceWord is { } whole
        ? label.RequiredChoice("type", ("pod", true), (whole, false))
        : label.Choice("type", true, ("pod", true));

    private static PodTemplate ReadTemplate(ConfigMap label, ClusterPoolDefaults pool, ClusterDialect dialect)
    {
        var requests = ClusterSection.ReadAmounts(label, "", "").Or(pool.Requests);
        var extra = label.IntMap("extra-resources");
        return new PodTemplate
        {
            Image = label.Text("image"),
            ImagePull = label.Choice("image-pull", PodImagePull.IfNotPresent, ImagePulls),
            ImagePullSecrets = dialect.HasPullSecrets ? label.Names("image-pull-secrets") : [],
            PythonPath = label.Text("python-path", "auto"),
            ShellType = label.Text("shell-type"),
            Requests = requests,
            Limits = ClusterSection.ReadAmounts(label, "", "-limit").Or(pool.Limits).Or(requests),
            ExtraResources = label.Has("extra-resources") ? extra : pool.ExtraResources,
            Gpu = ReadGpu(label),
            Environment = label.Maps("env").Select(item => new PodVariable(item.RequiredText("name"), new Secret(item.RequiredText("value")))).ToValueList(),
            NodeSelector = label.TextMap("node-selector"),
            Privileged = label.OptionalBool("privileged"),
            Scheduler = label.Text("scheduler-name"),
            Volumes = label.DataList("volumes"),
            VolumeMounts = label.DataList("volume-mounts"),
        };
    }

    private static PodGpu? ReadGpu(ConfigMap label)
    {
        var amount = label.Number("gpu", 0, min: 0);
        if (!label.Has("gpu") && !label.Has("gpu-resource"))
        {
            return null;
        }

        if (!label.Has("gpu"))
        {
            label.Error("gpu-resource", "'gpu-resource' needs 'gpu', which says how many");
        }

        return new PodGpu(label.RequiredText("gpu-resource"), amount);
    }
}
