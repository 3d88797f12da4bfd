using Nodepool.Core.Providers;

namespace Nodepool.Core.Reconciling;

/// <summary>The right to use an open provider. As long as it is not disposed the provider stays open, whatever the configuration says by then.</summary>
internal sealed class ProviderUse(ProviderSet set, OpenedProvider opened) : IAsyncDisposable
{
    private int _isEnded;

    /// <summary>The provider.</summary>
    public IProvider Provider => opened.Provider;

    public ValueTask DisposeAsync() => Interlocked.Exchange(ref _isEnded, 1) == 0 ? set.EndUseAsync(opened) : ValueTask.CompletedTask;
}
