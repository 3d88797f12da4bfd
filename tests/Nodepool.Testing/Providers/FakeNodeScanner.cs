using Nodepool.Core.Providers;
using Nodepool.Providers.Fake.Cloud;

namespace Nodepool.Testing.Providers;

/// <summary>A nodescan without network: finds what its script says, in the script's time. Thread-safe if the script is.</summary>
/// <param name="time">The clock.</param>
/// <param name="script">What is found; asked at the beginning of every scan.</param>
public sealed class FakeNodeScanner(TimeProvider time, Func<NodeScanOrder, ScanScript> script) : INodeScanner
{
    private readonly Lock _gate = new();
    private readonly List<NodeScanOrder> _orders = [];

    /// <summary>Every scan that was asked for.</summary>
    public IReadOnlyList<NodeScanOrder> Orders
    {
        get
        {
            lock (_gate)
            {
                return [.. _orders];
            }
        }
    }

    /// <summary>A scanner of a fake cloud: running instances answer at once unless they are mute, everything else never does.</summary>
    public static FakeNodeScanner Of(FakeCloud cloud, TimeProvider time) => new(time, order =>
        cloud.At(order.Host) is { IsMute: false } server && server.StateAt(cloud.Now) == FakeServerState.Active
            ? ScanScript.AtOnce("ssh-ed25519 " + server.Id)
            : ScanScript.Never);

    /// <inheritdoc/>
    public async ValueTask<IReadOnlyList<string>> ScanAsync(NodeScanOrder order, CancellationToken ct)
    {
        ct.ThrowIfCancellationRequested();
        lock (_gate)
        {
            _orders.Add(order);
        }

        var found = script(order);
        var opens = found.OpensAfter <= order.Timeout ? found.OpensAfter : null;
        if ((opens ?? order.Timeout) is var wait && wait > TimeSpan.Zero)
        {
            await Task.Delay(wait, time, ct);
        }

        if (opens is null)
        {
            throw new NodeScanException($"{order.Host} port {order.Port} did not answer within {order.Timeout}: so says the script");
        }

        return order is { IsSsh: true, ReadKeys: true } ? found.Keys : [];
    }
}
