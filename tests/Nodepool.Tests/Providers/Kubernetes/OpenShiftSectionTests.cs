using Nodepool.Core;
using Nodepool.Providers.Kubernetes;
using Nodepool.Tests.Providers.Clouds;

namespace Nodepool.Tests.Providers.Kubernetes;

/// <summary>What the drivers openshift and openshiftpods have otherwise than kubernetes.</summary>
public sealed class OpenShiftSectionTests
{
    internal const string Projects =
        """
        name: p
        driver: openshift
        context: self-provisioner
        max-projects: 20
        pools:
        - name: main
          labels:
          - {name: l, type: project}
          - {name: m, type: pod, image: fedora, image-pull-secrets: [one, two]}
        """;

    internal const string Pods =
        """
        name: p
        driver: openshiftpods
        context: unprivileged
        max-pods: 20
        pools:
        - name: main
          max-pods: 3
          labels:
          - {name: l, image: fedora, image-pull-secrets: [{name: one}]}
          - {name: m, spec: {containers: []}}
        """;

    [Fact]
    public void ReadConfig_Projects_AreNamespacesWithTheirLimit()
    {
        var config = ProviderFile.Read(Projects, "l", "m");

        Assert.Equal(new ClusterOptions("self-provisioner"), config.Options);
        Assert.Equal(Quota.Of((Quota.Instances, 20)), config.Pools[0].Limits);
        Assert.Equal(
            [new() { Node = new ClusterNode.Namespace() }, Pod(new() { Image = "fedora", ImagePullSecrets = ["one", "two"] })],
            config.Pools[0].Labels.Select(label => (ClusterLabelOptions)label.Options!));
    }

    [Fact]
    public void ReadConfig_PodsOnly_NeedNoType()
    {
        var config = ProviderFile.Read(Pods, "l", "m");

        Assert.Equal(Quota.Of((Quota.Instances, 3)), config.Pools[0].Limits);
        Assert.Equal(Pod(new() { Image = "fedora", ImagePullSecrets = ["one"] }), config.Pools[0].Labels[0].Options);
        Assert.IsType<ClusterNode.SpecifiedPod>(((ClusterLabelOptions)config.Pools[0].Labels[1].Options!).Node);
    }

    [Theory]
    [InlineData(Projects, "max-projects", "max-servers")]
    [InlineData(Pods, "max-pods: 20", "max-servers: 20")]
    [InlineData(Pods, "max-pods: 20", "max-projects: 20")]
    [InlineData(Pods, "max-pods: 3", "max-projects: 3")]
    public void ReadConfig_AnotherSpellingOfMaxServers_MeansTheSame(string section, string written, string other) => Assert.Equal(
        ProviderFile.Read(section, "l", "m"), ProviderFile.Read(ProviderFile.With(section, written, other), "l", "m"));

    [Theory]
    [InlineData(Projects, "context: self-provisioner", "priority: 1", "2:3: error: providers[0].context: 'context' is missing")]
    [InlineData(Projects, "max-projects: 20", "max-projects: 20\nmax-servers: 20", "5:17: error: providers[0].max-projects: 'max-servers' and 'max-projects' mean the same; keep 'max-servers'")]
    [InlineData(Projects, "max-projects: 20", "max-pods: 20", "5:3: error: providers[0].max-pods: unknown key 'max-pods' (did you mean 'max-cores'?)")]
    [InlineData(Projects, "type: project", "type: namespace", "9:7: warning: providers[0].pools[0].labels[0]: neither 'image' nor 'spec' is given, so no pod of this label can start", "9:23: error: providers[0].pools[0].labels[0].type: one of pod, project expected, found 'namespace'")]
    [InlineData(Projects, "type: project", "type: project, spec: {}", "9:32: warning: providers[0].pools[0].labels[0].spec: has no effect: a project has no pod of its own; did you mean 'type: pod'?")]
    [InlineData(Projects, "[one, two]", "[{nam: one}]", "10:64: error: providers[0].pools[0].labels[1].image-pull-secrets[0].name: 'name' is missing", "10:65: error: providers[0].pools[0].labels[1].image-pull-secrets[0].nam: unknown key 'nam' (did you mean 'name'?)")]
    [InlineData(Pods, "max-pods: 20", "max-pods: 20\nmax-servers: 20", "5:13: error: providers[0].max-pods: 'max-servers' and 'max-pods' mean the same; keep 'max-servers'")]
    [InlineData(Pods, "image: fedora, ", "", "10:7: error: providers[0].pools[0].labels[0]: 'image' or 'spec' is missing")]
    [InlineData(Pods, "image: fedora", "type: project, image: fedora", "10:23: error: providers[0].pools[0].labels[0].type: pod expected, found 'project'")]
    public void ReadConfig_OfAMistake_SaysWhereAndWhat(string section, string good, string bad, params string[] expected) =>
        Assert.Equal(expected, ProviderFile.Problems(ProviderFile.With(section, good, bad), "l", "m"));

    private static ClusterLabelOptions Pod(PodTemplate template) => new() { Node = new ClusterNode.Pod(template) };
}
