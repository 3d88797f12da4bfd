using System.Globalization;
using Nodepool.Core;
using Nodepool.Core.Providers;

namespace Nodepool.Providers.Fake.Cloud;

/// <summary>The instances of a <see cref="FakeCloud"/>; used under its lock only.</summary>
internal sealed class FakeServers(Sources sources)
{
    private readonly Dictionary<string, FakeServer> _byId = [];
    private readonly Dictionary<string, string> _idByToken = [];
    private readonly Dictionary<string, string> _idByAddress = [];
    private readonly PriorityQueue<string, DateTimeOffset> _leaving = new();
    private Quota _used = Quota.Zero;
    private int _addresses;

    public IEnumerable<FakeServer> All(DateTimeOffset now)
    {
        Settle(now);
        return _byId.Values;
    }

    public IEnumerable<FakeServer> Listed(DateTimeOffset now) => All(now).Where(server => server.ListedAt <= now);

    public Quota Used(DateTimeOffset now)
    {
        Settle(now);
        return _used;
    }

    public FakeServer? Find(string id, DateTimeOffset now)
    {
        Settle(now);
        return _byId.GetValueOrDefault(id);
    }

    public FakeServer? FindListed(string token, DateTimeOffset now) =>
        _idByToken.TryGetValue(token, out var id) && Find(id, now) is { } server && server.ListedAt <= now ? server : null;

    public FakeServer? At(string address, DateTimeOffset now) =>
        _idByAddress.TryGetValue(address, out var id) ? Find(id, now) : null;

    /// <summary>Told of every instance that is made or begins to be deleted.</summary>
    public Action<FakeServer>? Changed { get; set; }

    /// <summary>Takes over what another process did.</summary>
    public void Put(FakeServer server)
    {
        if (_byId.ContainsKey(server.Id))
        {
            _byId[server.Id] = server;
        }
        else
        {
            Add(server);
            _addresses++;
        }

        if (server.GoneAt is { } gone)
        {
            _leaving.Enqueue(server.Id, gone);
        }
    }

    public FakeServer Create(FakeServerOrder order, FakeFate fate, FakeCloudBehaviour behaviour, DateTimeOffset now)
    {
        Settle(now);
        if (_idByToken.TryGetValue(order.Token, out var known))
        {
            return _byId[known];
        }

        if (_used.Plus(order.Cost).FirstExceeding(behaviour.Limits) is { } resource)
        {
            throw new ProviderException(
                ProviderFault.QuotaExceeded, $"quota exceeded for {resource}: {behaviour.Limits.Amounts[resource]} allowed; wait for nodes to be deleted");
        }

        var zone = order.Zone ?? (behaviour.Zones is [var first, ..] ? first : null);
        if (zone is not null && behaviour.FullZones.Contains(zone))
        {
            throw new ProviderException(ProviderFault.CapacityUnavailable, $"zone {zone} has no room; the fake cloud was told so");
        }

        var arrival = now + fate.InFlight;
        var server = new FakeServer
        {
            Id = sources.Ids.NewId(),
            Token = order.Token,
            Name = order.Name,
            Zone = zone,
            Address = NextAddress(behaviour.FirstAddress),
            Metadata = order.Metadata,
            Cost = order.Cost,
            KnownAt = arrival,
            ListedAt = arrival + behaviour.ListingLag,
            ActiveAt = arrival + (fate.Boot ?? behaviour.CreateLatency) + (zone is null ? TimeSpan.Zero : behaviour.ZoneLatency?.Invoke(zone) ?? TimeSpan.Zero),
            EndsIn = fate.EndsIn,
            IsMute = fate.IsMute,
        };
        Add(server);
        Changed?.Invoke(server);
        return server;
    }

    public FakeServer? Delete(string id, TimeSpan latency, DateTimeOffset now)
    {
        if (Find(id, now) is not { GoneAt: null } server)
        {
            return Find(id, now);
        }

        _byId[id] = server = server with { GoneAt = now + latency };
        _leaving.Enqueue(id, now + latency);
        Changed?.Invoke(server);
        Settle(now);
        return server;
    }

    public string? Console(string id, DateTimeOffset now) => Find(id, now)?.StateAt(now) switch
    {
        FakeServerState.Active => $"fake console of {id}\nlogin: ",
        FakeServerState.Error => $"fake console of {id}\nkernel panic: the fake cloud was told to fail\n",
        _ => null,
    };

    private void Add(FakeServer server)
    {
        _byId.Add(server.Id, server);
        _idByToken.Add(server.Token, server.Id);
        _idByAddress.Add(server.Address, server.Id);
        _used = _used.Plus(server.Cost);
    }

    private void Settle(DateTimeOffset now)
    {
        while (_leaving.TryPeek(out var id, out var at) && at <= now)
        {
            _leaving.Dequeue();
            _byId.Remove(id, out var server);
            _idByToken.Remove(server!.Token);
            _idByAddress.Remove(server.Address);
            _used = _used.Minus(server.Cost);
        }
    }

    private string NextAddress(int first)
    {
        var bits = 0x7f_01_00_00 + ((first + ++_addresses) % 0xfe_00_00);
        return string.Create(CultureInfo.InvariantCulture, $"{bits >> 24}.{(bits >> 16) & 255}.{(bits >> 8) & 255}.{bits & 255}");
    }
}
