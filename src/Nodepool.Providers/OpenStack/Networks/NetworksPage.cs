namespace Nodepool.Providers.OpenStack.Networks;

/// <summary>Answer to <c>GET /networks</c>.</summary>
/// <param name="Networks">Networks of this page.</param>
internal sealed record NetworksPage(List<NetworkEntry> Networks)
{
    /// <summary>Where the next page is.</summary>
    public List<PageLink>? NetworksLinks { get; init; }
}
