using System.Collections.Concurrent;
using Nodepool.Core.Collections;
using Nodepool.Core.Providers;

namespace Nodepool.Providers.Static;

/// <summary>Looks whether a host answers and is the one that was configured; remembers for a short while which did not.</summary>
internal sealed class HostCheck(INodeScanner scanner, TimeProvider time)
{
    private static readonly TimeSpan Memory = TimeSpan.FromSeconds(30);

    private readonly ConcurrentDictionary<StaticHostConfig, (DateTimeOffset At, ProviderException Fault)> _failures = [];
    private readonly ConcurrentDictionary<StaticHostConfig, Lazy<Task<ValueList<string>>>> _scans = [];

    /// <summary>Why the host was no good within the last 30 s; null when it was, or was not looked at.</summary>
    public ProviderException? RecentFailure(StaticHostConfig host) =>
        _failures.TryGetValue(host, out var failure) && time.GetUtcNow() - failure.At < Memory ? failure.Fault : null;

    /// <summary>The host's keys: those that it shows, or the configured ones where nothing is to be checked.</summary>
    /// <remarks>Launches on the same host share one scan: an ssh server drops connections when too many come at once.</remarks>
    /// <exception cref="ProviderException">Unavailable: it does not answer. Rejected: it shows other keys.</exception>
    public async ValueTask<ValueList<string>> RunAsync(StaticHostConfig host, CancellationToken ct)
    {
        if (!host.HostKeyChecking)
        {
            return host.HostKeys;
        }

        try
        {
            var scan = _scans.GetOrAdd(host, _ => new(() => ScanOnceAsync(host)));
            var keys = await scan.Value.WaitAsync(ct);
            _failures.TryRemove(host, out _);
            return keys;
        }
        catch (ProviderException e)
        {
            _failures[host] = (time.GetUtcNow(), e);
            throw;
        }
    }

    /// <summary>Not cancelled with the one who began it, for others may wait too; it ends within the host's timeout.</summary>
    private async Task<ValueList<string>> ScanOnceAsync(StaticHostConfig host)
    {
        try
        {
            return await ScanAsync(host);
        }
        finally
        {
            _scans.TryRemove(host, out _);
        }
    }

    private async Task<ValueList<string>> ScanAsync(StaticHostConfig host)
    {
        IReadOnlyList<string> keys;
        try
        {
            keys = await scanner.ScanAsync(new(host.Name, host.ConnectionPort, host.IsSsh, ReadKeys: host.IsSsh, host.Timeout), CancellationToken.None);
        }
        catch (NodeScanException e)
        {
            throw new ProviderException(ProviderFault.Unavailable, $"host {host.Id}: {e.Message}", e);
        }

        if (host.IsSsh && host.HostKeys.FirstOrDefault(key => !keys.Contains(key)) is { } missing)
        {
            throw new ProviderException(
                ProviderFault.Rejected,
                $"host {host.Id} does not show its configured host key '{missing}' but {string.Join(" and ", keys.Select(key => $"'{key}'"))}. "
                    + "If the host was set up anew, correct host-key in the configuration; if not, somebody else may answer in its place");
        }

        return keys.ToValueList();
    }
}
