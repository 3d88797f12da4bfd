namespace Nodepool.Providers.OpenStack.Volumes;

/// <summary>Answer to <c>GET /volumes/detail</c>.</summary>
/// <param name="Volumes">Volumes of this page.</param>
internal sealed record VolumesPage(List<VolumeEntry> Volumes)
{
    /// <summary>Where the next page is.</summary>
    public List<PageLink>? VolumesLinks { get; init; }
}
