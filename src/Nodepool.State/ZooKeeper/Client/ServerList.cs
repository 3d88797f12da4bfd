namespace Nodepool.State.ZooKeeper.Client;

/// <summary>The servers in an order of chance, so that many clients spread over them; the list may be replaced at any time.</summary>
/// <param name="servers">At least one.</param>
/// <param name="nextDouble">Chance: numbers in [0, 1).</param>
internal sealed class ServerList(IReadOnlyList<ServerAddress> servers, Func<double> nextDouble)
{
    private readonly Lock _gate = new();
    private ServerAddress[] _servers = Shuffle(servers, nextDouble);
    private int _next;

    public int Count
    {
        get
        {
            lock (_gate)
            {
                return _servers.Length;
            }
        }
    }

    /// <summary>The server to try next.</summary>
    /// <param name="isLast">Every server was tried since the list was last begun: it is begun anew, in another order.</param>
    public ServerAddress Next(out bool isLast)
    {
        lock (_gate)
        {
            var server = _servers[_next++];
            isLast = _next >= _servers.Length;
            if (isLast)
            {
                _next = 0;
                _servers = Shuffle(_servers, nextDouble);
            }

            return server;
        }
    }

    public void Replace(IReadOnlyList<ServerAddress> others)
    {
        lock (_gate)
        {
            _servers = Shuffle(others, nextDouble);
            _next = 0;
        }
    }

    public bool Contains(ServerAddress server)
    {
        lock (_gate)
        {
            return _servers.Contains(server);
        }
    }

    public override string ToString()
    {
        lock (_gate)
        {
            return string.Join(',', _servers.Order(Comparer<ServerAddress>.Create((one, other) => string.CompareOrdinal(one.ToString(), other.ToString()))));
        }
    }

    private static ServerAddress[] Shuffle(IReadOnlyList<ServerAddress> servers, Func<double> nextDouble)
    {
        ServerAddress[] shuffled = [.. servers];
        for (var i = shuffled.Length - 1; i > 0; i--)
        {
            var j = (int)(nextDouble() * (i + 1));
            (shuffled[i], shuffled[j]) = (shuffled[j], shuffled[i]);
        }

        return shuffled;
    }
}
