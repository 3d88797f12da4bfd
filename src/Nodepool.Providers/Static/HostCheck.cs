using System.Collections.Concurrent;
using Nodepool.Core.Collections;
using Nodepool.Core.Config;
using Nodepool.Core.Providers;

namespace Nodepool.Providers.Static;

/// <summary>Looks whether a host answers and is the one that was configured.</summary>
internal sealed class HostCheck(INodeScanner scanner)
{
    private readonly ConcurrentDictionary<MachineConfig, Lazy<Task<ValueList<string>>>> _scans = [];

    /// <summary>The host's keys: those that it shows, or the configured ones where nothing is to be checked.</summary>
    /// <remarks>Who looks at the same host at the same time shares one scan: an ssh server drops connections when too many come at once.</remarks>
    /// <exception cref="ProviderException">Unavailable: it does not answer. Rejected: it shows other keys.</exception>
    public async ValueTask<ValueList<string>> RunAsync(MachineConfig host, CancellationToken ct)
    {
        if (!host.HostKeyChecking)
        {
            return host.HostKeys;
        }

        var scan = _scans.GetOrAdd(host, _ => new(() => ScanOnceAsync(host)));
        var cancelled = new TaskCompletionSource<ValueList<string>>();
        using var registration = ct.Register(() => cancelled.TrySetCanceled(ct));
        return await await Task.WhenAny(scan.Value, cancelled.Task);
    }

    /// <summary>Not cancelled with the one who began it, for others may wait too; it ends within the host's timeout.</summary>
    private async Task<ValueList<string>> ScanOnceAsync(MachineConfig host)
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

    private async Task<ValueList<string>> ScanAsync(MachineConfig host)
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
