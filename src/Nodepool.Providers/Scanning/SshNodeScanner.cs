using Nodepool.Core.Providers;

namespace Nodepool.Providers.Scanning;

/// <summary>
/// The nodescan over the network. At most <c>mostAtOnce</c> nodes are looked at together, the others wait in the order in which they came;
/// a scan's time begins when its turn comes.
/// </summary>
public sealed class SshNodeScanner : INodeScanner, IDisposable
{
    // A key exchange costs a thread and some ten milliseconds of a processor: hundreds at once would only make each other late.
    private const int MostKeyExchanges = 24;

    private readonly TimeProvider _time;
    private readonly PortWatch _port;
    private readonly Func<NodeScanOrder, HostKeyType, CancellationToken, Task<HostKeyAnswer>> _read;
    private readonly SemaphoreSlim _places;
    private readonly SemaphoreSlim _exchanges = new(MostKeyExchanges);

    /// <summary>Makes the scanner.</summary>
    /// <param name="time">The clock.</param>
    /// <param name="mostAtOnce">Nodes looked at together.</param>
    public SshNodeScanner(TimeProvider time, int mostAtOnce = 100)
        : this(time, mostAtOnce, (order, note, ct) => PortProbe.LookAsync(order, note, time, ct), KeyExchange.ReadAsync)
    {
    }

    internal SshNodeScanner(
        TimeProvider time,
        int mostAtOnce,
        Func<NodeScanOrder, Action<Sighting>, CancellationToken, Task<Sighting>> look,
        Func<NodeScanOrder, HostKeyType, CancellationToken, Task<HostKeyAnswer>> read)
    {
        _time = time;
        _port = new(look, time);
        _read = read;
        _places = new(mostAtOnce);
    }

    /// <inheritdoc/>
    public async ValueTask<IReadOnlyList<string>> ScanAsync(NodeScanOrder order, CancellationToken ct)
    {
        await _places.WaitAsync(ct);
        using var deadline = new CancellationTokenSource(order.Timeout, _time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(ct, deadline.Token);
        var last = new Sighting(SightingKind.Nothing);
        try
        {
            await _port.WaitAsync(order, See, either.Token);
            return order is { IsSsh: true, ReadKeys: true } ? await ReadKeysAsync(order, See, either.Token) : [];
        }
        catch (OperationCanceledException e) when (!ct.IsCancellationRequested)
        {
            var what = !order.IsSsh ? "accept connections" : order.ReadKeys ? "show its ssh host keys" : "answer with ssh";
            throw new NodeScanException(
                $"{order.Host} port {order.Port} did not {what} within {order.Timeout.TotalSeconds:0.###} s; seen last: {last.Explanation}.", e);
        }
        finally
        {
            _places.Release();
        }

        void See(Sighting seen) => last = seen;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _places.Dispose();
        _exchanges.Dispose();
    }

    private async Task<IReadOnlyList<string>> ReadKeysAsync(NodeScanOrder order, Action<Sighting> note, CancellationToken ct)
    {
        var answers = new HostKeyAnswer?[HostKeyType.All.Count];
        while (true)
        {
            answers = await Task.WhenAll(HostKeyType.All.Select((type, i) => AskAsync(order, type, answers[i], ct)));
            var keys = answers.Select(answer => answer!.Key).OfType<string>().ToList();
            if (keys.Count > 0 && answers.All(IsFinal))
            {
                return keys;
            }

            // Also when every type is lacking: the server may not have made its keys yet.
            var failure = new Sighting(SightingKind.NoKeys, answers.First(answer => answer!.Key is null)!.Failure);
            note(failure);
            await Task.Delay(failure.Pause, _time, ct);
            if (keys.Count == 0)
            {
                answers = new HostKeyAnswer?[HostKeyType.All.Count];
            }
        }
    }

    private async Task<HostKeyAnswer?> AskAsync(NodeScanOrder order, HostKeyType type, HostKeyAnswer? known, CancellationToken ct)
    {
        if (IsFinal(known))
        {
            return known;
        }

        await _exchanges.WaitAsync(ct);
        try
        {
            return await _read(order, type, ct);
        }
        finally
        {
            _exchanges.Release();
        }
    }

    private static bool IsFinal(HostKeyAnswer? answer) => answer is { Key: not null } or { IsLacking: true };
}
