using Nodepool.Core;
using Nodepool.Core.Collections;
using Nodepool.Core.Providers;

namespace Nodepool.Providers.Fake.Cloud;

/// <summary>An instance as a line of a <see cref="FakeLedger"/> tells of it; see <see cref="FakeServer"/>. A later line replaces an earlier one.</summary>
internal sealed record FakeServerLine(
    string Id,
    string Token,
    string? Name,
    string Address,
    Dictionary<string, string> Metadata,
    Dictionary<string, long> Cost,
    DateTimeOffset KnownAt)
{
    public DateTimeOffset ListedAt { get; init; }

    public DateTimeOffset ActiveAt { get; init; }

    public DateTimeOffset? GoneAt { get; init; }

    public ProviderFault? EndsIn { get; init; }

    public bool IsMute { get; init; }

    public string? Zone { get; init; }

    public static FakeServerLine Of(FakeServer server) => new(
        server.Id,
        server.Token,
        server.Name,
        server.Address,
        new Dictionary<string, string>(server.Metadata),
        new Dictionary<string, long>(server.Cost.Amounts),
        server.KnownAt)
    {
        ListedAt = server.ListedAt,
        ActiveAt = server.ActiveAt,
        GoneAt = server.GoneAt,
        EndsIn = server.EndsIn,
        IsMute = server.IsMute,
        Zone = server.Zone,
    };

    public FakeServer ToServer() => new()
    {
        Id = Id,
        Token = Token,
        Name = Name,
        Address = Address,
        Metadata = new ValueMap<string>(Metadata),
        Cost = new Quota(new ValueMap<long>(Cost)),
        KnownAt = KnownAt,
        ListedAt = ListedAt,
        ActiveAt = ActiveAt,
        GoneAt = GoneAt,
        EndsIn = EndsIn,
        IsMute = IsMute,
        Zone = Zone,
    };
}
