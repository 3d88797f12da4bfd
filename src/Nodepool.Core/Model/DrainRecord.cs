using Nodepool.Core.Collections;
using Nodepool.Core.Model.Json;

namespace Nodepool.Core.Model;

/// <summary>
/// An operator wants a provider to become empty: stored at <c>/nodepool/drains/&lt;provider&gt;</c> until it is taken back (an addition of this product).
/// </summary>
public sealed record DrainRecord
{
    /// <summary>Since when, Unix seconds.</summary>
    public required double Since { get; init; }

    /// <summary>Who wants it, <c>user@host</c>.</summary>
    public string? By { get; init; }

    /// <summary>Why, for people.</summary>
    public string? Reason { get; init; }

    /// <summary>Members that this version does not know; stored again as they were.</summary>
    public ValueMap<RawJson> Unknown { get; init; } = ValueMap<RawJson>.Empty;

    /// <summary>Who and why, for people: <c>by user@host: reason</c>; empty when neither is known.</summary>
    public string Text => $"{(By is null ? "" : $"by {By}")}{(By is null || Reason is null ? "" : ": ")}{Reason}";

    /// <summary>Reads the stored form.</summary>
    /// <exception cref="RecordFormatException">It cannot be understood.</exception>
    public static DrainRecord Read(ReadOnlySpan<byte> json)
    {
        var fields = new JsonFields(json);
        return new DrainRecord { Since = fields.Number("since"), By = fields.Text("by"), Reason = fields.Text("reason"), Unknown = fields.Rest() };
    }

    /// <summary>The stored form.</summary>
    public ReadOnlyMemory<byte> Write()
    {
        using var writer = new JsonRecordWriter();
        writer.Number("since", Since).Text("by", By).Text("reason", Reason);
        return writer.Finish(Unknown);
    }
}
