namespace Nodepool.Providers.OpenStack.Compute;

/// <summary>Answer to <c>GET /servers/detail</c>.</summary>
/// <param name="Servers">Servers of this page.</param>
internal sealed record ServersPage(List<ServerEntry> Servers)
{
    /// <summary>Where the next page is.</summary>
    public List<PageLink>? ServersLinks { get; init; }
}
