namespace Nodepool.Providers.OpenStack.Compute;

/// <summary>An image as Glance tells it, as far as servers need it.</summary>
/// <param name="Id">Its id.</param>
internal sealed record ImageEntry(string Id)
{
    /// <summary>Answer to <c>GET /images</c>.</summary>
    /// <param name="Images">Images of the page.</param>
    internal sealed record Page(List<ImageEntry> Images);
}
