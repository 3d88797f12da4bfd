using Nodepool.Core;

namespace Nodepool.Lists;

/// <summary>Limits and use of a provider.</summary>
/// <param name="Limits">What the cloud lets us use at most; a resource that is not named has no limit.</param>
/// <param name="Used">What everything there uses, as the cloud lists it.</param>
/// <param name="Nodes">What our nodes use, as their records say.</param>
internal sealed record ProviderUsage(Quota Limits, Quota Used, Quota Nodes);
