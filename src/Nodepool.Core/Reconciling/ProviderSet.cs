using Nodepool.Core.Config;
using Nodepool.Core.Providers;

namespace Nodepool.Core.Reconciling;

/// <summary>
/// The open providers of a process: one for each <see cref="ProviderConfig.OpenPart"/>, shared by all that use it. It is closed when no
/// configuration names it any more and the last user has ended.
/// </summary>
internal sealed class ProviderSet(Func<ProviderConfig, IProvider> open) : IAsyncDisposable
{
    private readonly Lock _lock = new();
    private readonly Dictionary<ProviderConfig, OpenedProvider> _open = [];

    /// <summary>The open provider of a section, until the use is disposed.</summary>
    public ProviderUse Use(ProviderConfig section)
    {
        var part = section.OpenPart();
        lock (_lock)
        {
            if (!_open.TryGetValue(part, out var opened))
            {
                _open[part] = opened = new OpenedProvider(open(part));
            }

            opened.Users++;
            return new ProviderUse(this, opened);
        }
    }

    /// <summary>Closes what the configuration no longer names, at once or when its last use ends.</summary>
    public async ValueTask CloseUnusedAsync(NodepoolConfig config)
    {
        var named = config.Providers.Select(section => section.OpenPart()).ToHashSet();
        List<OpenedProvider> gone = [];
        lock (_lock)
        {
            foreach (var (part, opened) in _open.Where(pair => !named.Contains(pair.Key)).ToArray())
            {
                _open.Remove(part);
                opened.IsStale = true;
                if (opened.Users == 0)
                {
                    gone.Add(opened);
                }
            }
        }

        foreach (var opened in gone)
        {
            await opened.Provider.DisposeAsync();
        }
    }

    public async ValueTask DisposeAsync() => await CloseUnusedAsync(new NodepoolConfig());

    internal async ValueTask EndUseAsync(OpenedProvider opened)
    {
        bool isLast;
        lock (_lock)
        {
            isLast = --opened.Users == 0 && opened.IsStale;
        }

        if (isLast)
        {
            await opened.Provider.DisposeAsync();
        }
    }
}
