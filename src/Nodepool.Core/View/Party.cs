using Nodepool.Core.Model;

namespace Nodepool.Core.View;

/// <summary>Whom nodes and requests are counted for: their tenant, or, where none is named, whoever asks.</summary>
/// <param name="Tenant">Name of the tenant; null when there is none.</param>
/// <param name="Requestor">Who asks; null when there is a tenant.</param>
public readonly record struct Party(string? Tenant, string? Requestor)
{
    /// <summary>The party of a request.</summary>
    public static Party Of(NodeRequestRecord request)
    {
        ArgumentNullException.ThrowIfNull(request);
        return Of(request.TenantName, request.Requestor);
    }

    /// <summary>The party that a node works for.</summary>
    public static Party Of(NodeRecord node)
    {
        ArgumentNullException.ThrowIfNull(node);
        return Of(node.TenantName, node.Requestor);
    }

    /// <summary>The party of that tenant.</summary>
    public static Party OfTenant(string tenant) => new(tenant, null);

    /// <summary>Neither a tenant nor a requestor is known.</summary>
    public bool IsNobody => Tenant is null && string.IsNullOrEmpty(Requestor);

    /// <inheritdoc/>
    public override string ToString() => Tenant is not null ? $"tenant {Tenant}" : IsNobody ? "nobody" : Requestor!;

    private static Party Of(string? tenant, string? requestor) => string.IsNullOrEmpty(tenant) ? new(null, requestor ?? "") : new(tenant, null);
}
