namespace Nodepool.Core.Config;

/// <summary>What all nodes of a tenant may use together, whatever their provider, and its share where there is too little; one element of <c>tenant-resource-limits</c>.</summary>
/// <param name="Tenant"><c>tenant-name</c>, as in the <c>tenant_name</c> of requests.</param>
/// <param name="Limits"><c>max-servers</c>, <c>max-cores</c>, <c>max-ram</c> (MiB), <c>max-volumes</c>, <c>max-volume-gb</c> and resources of drivers' own.</param>
/// <param name="Weight">Its share of what all want, relative to others, whose weight is 1 unless said otherwise; <c>weight</c>, an addition of this product.</param>
public sealed record TenantLimit(string Tenant, Quota Limits, int Weight = 1);
