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
    private HashSet<ProviderConfig>? _named;

    /// <summary>The open provider of a section, until the use is disposed. Also of one that the configuration no longer has: what is left there may still have to be deleted.</summary>
    public ProviderUse Use(ProviderConfig section)
    {
        var part = section.OpenPart();
        lock (_lock)
        {
            if (!_open.TryGetValue(part, out var opened))
            {
                _open[part] = opened = new OpenedProvider(part, open(part));
            }

            opened.Users++;
            return new ProviderUse(this, opened);
        }
    }

    /// <summary>Another configuration is about to be applied: what it names is not closed in between.</summary>
    public void Expect(NodepoolConfig config)
    {
        lock (_lock)
        {
            _named?.UnionWith(config.Providers.Select(section => section.OpenPart()));
        }
    }

    /// <summary>Closes what the configuration no longer names, at once or when its last use ends.</summary>
    public async ValueTask CloseUnusedAsync(NodepoolConfig config)
    {
        List<OpenedProvider> gone = [];
        lock (_lock)
        {
            _named = config.Providers.Select(section => section.OpenPart()).ToHashSet();
            foreach (var opened in _open.Values.Where(IsUnused).ToArray())
            {
                _open.Remove(opened.Section);
                gone.Add(opened);
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
        bool isUnused;
        lock (_lock)
        {
            opened.Users--;
            isUnused = IsUnused(opened) && _open.Remove(opened.Section);
        }

        if (isUnused)
        {
            await opened.Provider.DisposeAsync();
        }
    }

    /// <summary>Before the first configuration has been applied nothing is known to be unused.</summary>
    private bool IsUnused(OpenedProvider opened) => opened.Users == 0 && _named?.Contains(opened.Section) == false;
}
