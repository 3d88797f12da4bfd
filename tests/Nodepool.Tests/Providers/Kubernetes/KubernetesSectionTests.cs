using Nodepool.Core;
using Nodepool.Core.Collections;
using Nodepool.Core.Config;
using Nodepool.Providers.Kubernetes;
using Nodepool.Tests.Providers.Clouds;

namespace Nodepool.Tests.Providers.Kubernetes;

public sealed class KubernetesSectionTests
{
    private const string Small =
        """
        name: p
        driver: kubernetes
        pools:
        - name: main
          labels:
          - {name: l, type: pod, image: fedora}
        """;

    internal const string Whole =
        """
        name: p
        driver: kubernetes
        context: admin@cluster
        launch-retries: 5
        max-servers: 20
        max-cores: 200
        max-ram: 4096
        max-resources: {gpu: 4}
        pools:
          - name: main
            max-servers: 3
            max-cores: 6
            max-ram: 512
            max-resources: {gpu: 2}
            default-label-cpu: 1
            default-label-memory: 100
            default-label-storage: 1000
            default-label-cpu-limit: 2
            default-label-memory-limit: 200
            default-label-storage-limit: 2000
            default-label-extra-resources: {fuse: 1}
            labels:
              - name: l
                type: pod
                image: docker.io/fedora:41
                image-pull: Always
                python-path: /usr/bin/python3
                shell-type: sh
                cpu: 4
                memory: 400
                storage: 4000
                cpu-limit: 8
                memory-limit: 800
                storage-limit: 8000
                gpu: 0.5
                gpu-resource: nvidia.com/gpu
                env: [{name: TOKEN, value: hunter2}, {name: EMPTY, value: ""}]
                node-selector: {disk: ssd, fast: yes}
                privileged: false
                scheduler-name: mine
                volumes: [{name: v, emptyDir: {sizeLimit: 1, medium: }}]
                volume-mounts: [{name: v, mountPath: /v, readOnly: yes}]
                labels: {app: ci, version: 1.10}
                dynamic-labels: {tenant: "{request.tenant_name}"}
                annotations: {note: 12e45678}
                extra-resources: {kvm: 2}
              - {name: defaults, type: pod, image: fedora}
              - {name: space, type: namespace, labels: {app: ci}}
              - name: raw
                type: pod
                labels: {app: ci}
                annotations: {a: b}
                spec:
                  hostNetwork: on
                  containers: [{name: raw, image: fedora, resources: {limits: {cpu: 0.5, memory: 1_024}}, command: [sleep, '10']}]
        """;

    [Fact]
    public void ReadConfig_AllKeysOfProviderAndPool_AreUnderstood()
    {
        var config = ProviderFile.Read(Whole, "l", "defaults", "space", "raw");

        Assert.Equal(new ClusterOptions("admin@cluster"), config.Options);
        Assert.Equal(5, config.LaunchRetries);
        Assert.Equal(Quota.Of((Quota.Instances, 3), (Quota.Cores, 6), (Quota.Ram, 512), ("gpu", 2)), config.Pools[0].Limits);
        Assert.DoesNotContain("hunter2", config.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void ReadConfig_APodWithAllKeys_IsUnderstood()
    {
        var label = ProviderFile.Read(Whole, "l", "defaults", "space", "raw").Pools[0].FindLabel("l")!;

        Assert.False(label.HostKeyChecking);
        Assert.Equal(
            new ClusterLabelOptions
            {
                Labels = Texts(("app", "ci"), ("version", "1.10")),
                DynamicLabels = new([new("tenant", ProviderFile.Template("{request.tenant_name}"))]),
                Annotations = Texts(("note", "12e45678")),
                Node = new ClusterNode.Pod(new PodTemplate
                {
                    Image = "docker.io/fedora:41",
                    ImagePull = PodImagePull.Always,
                    PythonPath = "/usr/bin/python3",
                    ShellType = "sh",
                    Requests = new(4, 400, 4000),
                    Limits = new(8, 800, 8000),
                    ExtraResources = new([new("kvm", 2)]),
                    Gpu = new("nvidia.com/gpu", 0.5),
                    Environment = [new("TOKEN", new("hunter2")), new("EMPTY", new(""))],
                    NodeSelector = Texts(("disk", "ssd"), ("fast", "yes")),
                    Privileged = false,
                    Scheduler = "mine",
                    Volumes = [Map(("name", Text("v")), ("emptyDir", Map(("sizeLimit", Number(1)), ("medium", new DataValue.Nothing()))))],
                    VolumeMounts = [Map(("name", Text("v")), ("mountPath", Text("/v")), ("readOnly", new DataValue.Truth(true)))],
                }),
            },
            label.Options);
    }

    [Fact]
    public void ReadConfig_ARawPod_IsKeptAsItIs()
    {
        var label = ProviderFile.Read(Whole, "l", "defaults", "space", "raw").Pools[0].FindLabel("raw")!;

        var limits = Map(("cpu", new DataValue.Fraction(0.5)), ("memory", Number(1024)));
        var container = Map(
            ("name", Text("raw")),
            ("image", Text("fedora")),
            ("resources", Map(("limits", limits))),
            ("command", new DataValue.Sequence([Text("sleep"), Text("10")])));
        Assert.Equal(
            new ClusterLabelOptions
            {
                Labels = Texts(("app", "ci")),
                Annotations = Texts(("a", "b")),
                Node = new ClusterNode.SpecifiedPod(Map(("hostNetwork", new DataValue.Truth(true)), ("containers", new DataValue.Sequence([container])))),
            },
            label.Options);
    }

    [Fact]
    public void ReadConfig_ANamespace_IsUnderstood() => Assert.Equal(
        new ClusterLabelOptions { Labels = Texts(("app", "ci")), Node = new ClusterNode.Namespace() },
        ProviderFile.Read(Whole, "l", "defaults", "space", "raw").Pools[0].FindLabel("space")!.Options);

    [Theory]
    [InlineData("", "", "", "")]
    [InlineData("default-label-cpu: 1", "", "1", "1")]
    [InlineData("default-label-cpu: 1", "cpu: 2", "2", "2")]
    [InlineData("default-label-cpu: 1, default-label-cpu-limit: 8", "cpu: 2", "2", "8")]
    [InlineData("default-label-cpu: 1, default-label-cpu-limit: 8", "cpu: 2, cpu-limit: 3", "2", "3")]
    [InlineData("default-label-cpu-limit: 8", "", "", "8")]
    [InlineData("", "cpu-limit: 3", "", "3")]
    public void ReadConfig_LimitOfALabel_IsTheFirstThatIsSaid(string pool, string label, string request, string limit)
    {
        var config = ProviderFile.Read($"name: p\ndriver: kubernetes\npools: [{{name: main, {pool}, labels: [{{name: l, type: pod, image: i, {label}}}]}}]".Replace(", ,", ",").Replace(", }", "}"), "l");

        var template = PodOf(config);
        Assert.Equal((request, limit), ($"{template.Requests.Cpu}", $"{template.Limits.Cpu}"));
    }

    [Theory]
    [InlineData("default-label-extra-resources")]
    [InlineData("default-label-extra_resources")]
    public void ReadConfig_EitherSpellingOfExtraResources_Counts(string key)
    {
        var config = ProviderFile.Read($"name: p\ndriver: kubernetes\npools: [{{name: main, {key}: {{fuse: 1}}, labels: [{{name: l, type: pod, image: i}}]}}]", "l");

        Assert.Equal(new ValueMap<long>([new("fuse", 1)]), PodOf(config).ExtraResources);
    }

    [Fact]
    public void ReadConfig_OnlyWhatMustBe_GivesTheDocumentedDefaults()
    {
        var config = ProviderFile.Read(Small, "l");

        Assert.Equal(new ClusterOptions(null), config.Options);
        Assert.Equal(3, config.LaunchRetries);
        Assert.Equal(Quota.Unlimited, config.Pools[0].Limits);
        Assert.Equal(new PodTemplate { Image = "fedora", ImagePull = PodImagePull.IfNotPresent, PythonPath = "auto" }, PodOf(config));
    }

    [Theory]
    [InlineData("type: pod", "type: pdo", "7:23: error: providers[0].pools[0].labels[0].type: one of pod, namespace expected, found 'pdo' (did you mean 'pod'?)")]
    [InlineData("type: pod", "type: project", "7:23: error: providers[0].pools[0].labels[0].type: one of pod, namespace expected, found 'project'")]
    [InlineData("type: pod, ", "", "7:7: error: providers[0].pools[0].labels[0].type: 'type' is missing")]
    [InlineData(", image: fedora", "", "7:7: warning: providers[0].pools[0].labels[0]: neither 'image' nor 'spec' is given, so no pod of this label can start")]
    [InlineData("type: pod", "type: namespace", "7:41: warning: providers[0].pools[0].labels[0].image: has no effect: a namespace has no pod of its own; did you mean 'type: pod'?")]
    [InlineData("image: fedora", "image: fedora, spec: {}", "7:35: error: providers[0].pools[0].labels[0].image: 'image' and 'spec' exclude each other; say it inside the 'spec'")]
    [InlineData("image: fedora", "spec: {containers: []}, cpu: 1, env: []", "7:57: error: providers[0].pools[0].labels[0].cpu: 'cpu' and 'spec' exclude each other; say it inside the 'spec'", "7:60: error: providers[0].pools[0].labels[0].env: 'env' and 'spec' exclude each other; say it inside the 'spec'")]
    [InlineData("image: fedora", "spec: [containers]", "7:28: error: providers[0].pools[0].labels[0].spec: a mapping ('key: value' lines) expected, this is a list")]
    [InlineData("image: fedora", "image: fedora, image-pull: always", "7:55: error: providers[0].pools[0].labels[0].image-pull: one of IfNotPresent, Always, Never expected, found 'always' (did you mean 'Always'?)")]
    [InlineData("image: fedora", "image: fedora, image-pull-secrets: [s]", "7:43: error: providers[0].pools[0].labels[0].image-pull-secrets: unknown key 'image-pull-secrets'")]
    [InlineData("image: fedora", "image: fedora, gpu: 1", "7:7: error: providers[0].pools[0].labels[0].gpu-resource: 'gpu-resource' is missing")]
    [InlineData("image: fedora", "image: fedora, gpu-resource: g", "7:57: error: providers[0].pools[0].labels[0].gpu-resource: 'gpu-resource' needs 'gpu', which says how many")]
    [InlineData("image: fedora", "image: fedora, cpu: 0.5", "7:48: error: providers[0].pools[0].labels[0].cpu: a whole number of at least 0 expected, found '0.5'")]
    [InlineData("image: fedora", "image: fedora, memory-limit: -1", "7:57: error: providers[0].pools[0].labels[0].memory-limit: a whole number of at least 0 expected, found '-1'")]
    [InlineData("image: fedora", "image: fedora, env: {A: hunter2}", "7:43: error: providers[0].pools[0].labels[0].env: a list of mappings ('- key: value' lines) expected, this is a mapping")]
    [InlineData("image: fedora", "image: fedora, env: [{name: A, valu: hunter2}]", "7:49: error: providers[0].pools[0].labels[0].env[0].value: 'value' is missing", "7:59: error: providers[0].pools[0].labels[0].env[0].valu: unknown key 'valu' (did you mean 'value'?)")]
    [InlineData("image: fedora", "image: fedora, volumes: [v]", "7:53: error: providers[0].pools[0].labels[0].volumes[0]: a mapping expected, this is a single value")]
    [InlineData("image: fedora", "image: fedora, dynamic-labels: {a: '{request.tenant}'}", "7:63: error: providers[0].pools[0].labels[0].dynamic-labels.a: no field 'request.tenant' at character 1 (did you mean 'request.tenant_name'?); write '{{' for a brace")]
    [InlineData("image: fedora", "image: fedora, diskimage: d", "7:43: error: providers[0].pools[0].labels[0].diskimage: unknown key 'diskimage'")]
    [InlineData("- name: main\n", "- name: main\n  default-label-cpus: 1\n", "6:5: error: providers[0].pools[0].default-label-cpus: unknown key 'default-label-cpus' (did you mean 'default-label-cpu'?)")]
    [InlineData("pools:\n", "diskimages: [{name: d}]\npools:\n", "4:3: error: providers[0].diskimages: unknown key 'diskimages'")]
    public void ReadConfig_OfAMistake_SaysWhereAndWhat(string good, string bad, params string[] expected) =>
        Assert.Equal(expected, ProviderFile.Problems(ProviderFile.With(Small, good, bad), "l"));

    private static PodTemplate PodOf(ProviderConfig config) => ((ClusterNode.Pod)((ClusterLabelOptions)config.Pools[0].Labels[0].Options!).Node).Template;

    private static ValueMap<string> Texts(params (string Key, string Text)[] entries) =>
        new(entries.Select(entry => KeyValuePair.Create(entry.Key, entry.Text)));

    private static DataValue.Mapping Map(params (string Key, DataValue Value)[] entries) =>
        new(new ValueMap<DataValue>(entries.Select(entry => KeyValuePair.Create(entry.Key, entry.Value))));

    private static DataValue.Text Text(string text) => new(text);

    private static DataValue.Whole Number(long number) => new(number);
}
