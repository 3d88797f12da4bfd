namespace Nodepool.Providers.OpenStack;

/// <summary>A link of a page to another.</summary>
/// <param name="Href">URL.</param>
/// <param name="Rel"><c>next</c> for the page that follows.</param>
internal sealed record PageLink(string Href, string Rel)
{
    /// <summary>The link to the page that follows; null on the last.</summary>
    public static string? Next(IEnumerable<PageLink>? links) => links?.FirstOrDefault(link => link.Rel == "next")?.Href;
}
