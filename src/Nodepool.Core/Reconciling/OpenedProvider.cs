using Nodepool.Core.Providers;

namespace Nodepool.Core.Reconciling;

/// <summary>A provider that is open, and how many use it; guarded by its <see cref="ProviderSet"/>.</summary>
internal sealed class OpenedProvider(IProvider provider)
{
    public IProvider Provider => provider;

    public int Users { get; set; }

    /// <summary>No configuration names it any more: the last user closes it.</summary>
    public bool IsStale { get; set; }
}
