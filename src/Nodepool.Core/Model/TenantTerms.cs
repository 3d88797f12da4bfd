using Nodepool.Core.Collections;

namespace Nodepool.Core.Model;

/// <summary>What a launcher lets a tenant use; a part of <see cref="PoolTermsRecord"/>.</summary>
/// <param name="Limits">What all its nodes may use together.</param>
/// <param name="Weight">Its share relative to others.</param>
public sealed record TenantTerms(ValueMap<long> Limits, int Weight);
