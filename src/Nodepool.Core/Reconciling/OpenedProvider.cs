using Nodepool.Core.Config;
using Nodepool.Core.Providers;

namespace Nodepool.Core.Reconciling;

/// <summary>A provider that is open, and how many use it; guarded by its <see cref="ProviderSet"/>.</summary>
internal sealed class OpenedProvider(ProviderConfig section, IProvider provider)
{
    /// <summary>What it was opened with.</summary>
    public ProviderConfig Section => section;

    public IProvider Provider => provider;

    public int Users { get; set; }
}
