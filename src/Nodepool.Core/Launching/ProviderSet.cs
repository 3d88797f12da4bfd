using Nodepool.Core.Config;
using Nodepool.Core.Providers;

namespace Nodepool.Core.Launching;

/// <summary>The open providers of a launcher: one per section, shared by all its pools, opened anew when the section changes.</summary>
internal sealed class ProviderSet(Func<ProviderConfig, IProvider> open) : IAsyncDisposable
{
    private readonly Lock _lock = new();
    private readonly Dictionary<ProviderConfig, IProvider> _open = [];

    /// <summary>The open provider of a section.</summary>
    public IProvider Get(ProviderConfig config)
    {
        lock (_lock)
        {
            return _open.TryGetValue(config, out var provider) ? provider : _open[config] = open(config);
        }
    }

    /// <summary>Closes what the configuration no longer names; the parts that used it have ended.</summary>
    public async ValueTask CloseUnusedAsync(NodepoolConfig config)
    {
        List<IProvider> unused;
        lock (_lock)
        {
            var gone = _open.Keys.Except(config.Providers).ToArray();
            unused = [.. gone.Select(section => _open[section])];
            Array.ForEach(gone, section => _open.Remove(section));
        }

        foreach (var provider in unused)
        {
            await provider.DisposeAsync();
        }
    }

    public async ValueTask DisposeAsync() => await CloseUnusedAsync(new NodepoolConfig());
}
