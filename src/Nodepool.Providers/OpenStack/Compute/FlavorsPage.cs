namespace Nodepool.Providers.OpenStack.Compute;

/// <summary>Answer to <c>GET /flavors/detail</c>.</summary>
/// <param name="Flavors">Flavors of this page.</param>
internal sealed record FlavorsPage(List<FlavorEntry> Flavors)
{
    /// <summary>Where the next page is.</summary>
    public List<PageLink>? FlavorsLinks { get; init; }
}
