using Nodepool.Core.Model.Json;

namespace Nodepool.Core.Model;

/// <summary>
/// The newest charge to a tenant whose use is limited, as it is stored at <c>/nodepool/ledger/tenants/&lt;name&gt;</c> (an addition of this product).
/// What counts is the version of the entry, which every charge raises; sums come from the node records alone. The content is for people.
/// </summary>
public sealed record TenantLedgerRecord
{
    /// <summary>The request that got nodes.</summary>
    public required string Request { get; init; }

    /// <summary>Where, as <c>provider/pool</c>.</summary>
    public required string Pool { get; init; }

    /// <summary>When, Unix seconds.</summary>
    public required double Time { get; init; }

    /// <summary>The stored form.</summary>
    public ReadOnlyMemory<byte> Write()
    {
        using var writer = new JsonRecordWriter();
        writer.Text("request", Request).Text("pool", Pool).Number("time", Time);
        return writer.Finish(Collections.ValueMap<RawJson>.Empty);
    }
}
