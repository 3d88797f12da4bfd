namespace Nodepool.Core.View;

/// <summary>The ledger entry of a tenant as it was seen at one moment.</summary>
/// <param name="Tenant">Name of the tenant.</param>
/// <param name="Version">Version of the entry: a charge that expects it fails when somebody has charged meanwhile.</param>
/// <param name="ChargedPosition">Position of the newest charge. A view that has not reached it may lack the nodes of that charge.</param>
public sealed record TenantLedgerView(string Tenant, int Version, long ChargedPosition);
