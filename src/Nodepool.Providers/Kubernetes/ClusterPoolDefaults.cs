using Nodepool.Core.Collections;

namespace Nodepool.Providers.Kubernetes;

/// <summary>What a pool gives to those of its labels that say nothing else: its <c>default-label-*</c> keys.</summary>
/// <param name="Requests"><c>default-label-cpu</c>, <c>default-label-memory</c>, <c>default-label-storage</c>.</param>
/// <param name="Limits"><c>default-label-cpu-limit</c>, <c>default-label-memory-limit</c>, <c>default-label-storage-limit</c>.</param>
/// <param name="ExtraResources"><c>default-label-extra-resources</c>.</param>
internal sealed record ClusterPoolDefaults(PodAmounts Requests, PodAmounts Limits, ValueMap<long> ExtraResources);
