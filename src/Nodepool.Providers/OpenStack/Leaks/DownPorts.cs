using Nodepool.Providers.OpenStack.Compute;
using Nodepool.Providers.OpenStack.Networks;

namespace Nodepool.Providers.OpenStack.Leaks;

/// <summary>
/// Finds ports that Nova has left behind: they are DOWN, were made for a server that does not exist, and both were so in two looks an interval
/// apart. Ports have no metadata, so whose server it was cannot be told; what was not made for servers is never taken.
/// </summary>
/// <param name="interval">See <see cref="OpenStackOptions.PortCleanupInterval"/>.</param>
/// <param name="time">The clock.</param>
internal sealed class DownPorts(TimeSpan interval, TimeProvider time)
{
    private readonly Lock _gate = new();
    private Dictionary<string, long> _firstSeen = new(StringComparer.Ordinal);

    /// <summary>Ports that have been left for an interval.</summary>
    /// <param name="ports">All ports of the project.</param>
    /// <param name="servers">All servers of the project, listed after the ports: what they lack, they lacked before.</param>
    public IReadOnlyList<PortEntry> Look(IEnumerable<PortEntry> ports, IEnumerable<ServerEntry> servers)
    {
        var existing = servers.Select(server => server.Id).ToHashSet(StringComparer.Ordinal);
        var left = ports.Where(port => IsLeft(port) && !existing.Contains(port.DeviceId!)).ToList();
        var now = time.GetTimestamp();
        lock (_gate)
        {
            _firstSeen = left.ToDictionary(port => port.Id, port => _firstSeen.GetValueOrDefault(port.Id, now), StringComparer.Ordinal);
            return [.. left.Where(port => time.GetElapsedTime(_firstSeen[port.Id], now) >= interval)];
        }
    }

    private static bool IsLeft(PortEntry port) =>
        port.Status == "DOWN" && !string.IsNullOrEmpty(port.DeviceId) && (port.DeviceOwner?.StartsWith("compute:", StringComparison.Ordinal) ?? false);
}
