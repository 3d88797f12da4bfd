namespace Nodepool.Providers.OpenStack.Networks;

/// <summary>Answer to <c>GET /ports</c>.</summary>
/// <param name="Ports">Ports of this page.</param>
internal sealed record PortsPage(List<PortEntry> Ports)
{
    /// <summary>Where the next page is.</summary>
    public List<PageLink>? PortsLinks { get; init; }
}
