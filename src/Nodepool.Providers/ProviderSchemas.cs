using Nodepool.Core.Providers;
using Nodepool.Providers.Aws;
using Nodepool.Providers.Azure;
using Nodepool.Providers.Gce;
using Nodepool.Providers.IbmVpc;
using Nodepool.Providers.Kubernetes;

namespace Nodepool.Providers;

/// <summary>The kinds of providers whose keys are known here although their driver does not exist yet.</summary>
public static class ProviderSchemas
{
    /// <summary>One each; a driver that gets built moves to where drivers are put together.</summary>
    public static IReadOnlyList<IProviderSchema> WithoutDriver { get; } =
    [
        new SectionSchema("aws", AwsSection.Read),
        new SectionSchema("azure", AzureSection.Read),
        new SectionSchema("gce", GceSection.Read),
        new SectionSchema("ibmvpc", IbmVpcSection.Read),
        new SectionSchema("kubernetes", section => ClusterSection.Read(section, ClusterDialect.Kubernetes)),
        new SectionSchema("openshift", section => ClusterSection.Read(section, ClusterDialect.OpenShift)),
        new SectionSchema("openshiftpods", section => ClusterSection.Read(section, ClusterDialect.OpenShiftPods)),
    ];
}
