using Nodepool.Core.Collections;
using Nodepool.Core.Model.Json;

namespace Nodepool.Core.Model;

/// <summary>
/// A node request as it is stored at <c>/nodepool/requests/&lt;priority&gt;-&lt;sequence&gt;</c>. Zuul's classes read and write the same
/// JSON. Times are Unix seconds.
/// </summary>
public sealed record NodeRequestRecord
{
    /// <summary>What became of it.</summary>
    public required RequestState State { get; init; }

    /// <summary>When <see cref="State"/> was entered.</summary>
    public required double StateTime { get; init; }

    /// <summary>Ids of pools that have refused it.</summary>
    public ValueList<string> DeclinedBy { get; init; } = [];

    /// <summary>Why pools have refused it, one line each, beginning with <c>provider/pool code:</c>. Ours alone; peers skip it, and some drop it.</summary>
    public ValueList<string> DeclineReasons { get; init; } = [];

    /// <summary>Availability zones, <c>provider/zone</c>, in which a node of it could not be launched: another is tried. Ours alone; peers skip it.</summary>
    public ValueList<string> FailedZones { get; init; } = [];

    /// <summary>When it fails unless it is fulfilled, whatever pools have tried by then; set by the first launch for it. Ours alone, as <see cref="DeclineReasons"/>.</summary>
    public double? LaunchDeadline { get; init; }

    /// <summary>Pools, as <c>provider/pool</c>, whose launches for it were unlikely to end: others come first. Ours alone.</summary>
    public ValueList<string> HandedOver { get; init; } = [];

    /// <summary>Wanted labels; the order is the client's and duplicates count.</summary>
    public required ValueList<string> NodeTypes { get; init; }

    /// <summary>Ids of its nodes in the order of <see cref="NodeTypes"/>; set when it is fulfilled.</summary>
    public ValueList<string> Nodes { get; init; } = [];

    /// <summary>Idle nodes may be used; false wants fresh ones.</summary>
    public bool Reuse { get; init; } = true;

    /// <summary>Who asks.</summary>
    public string? Requestor { get; init; }

    /// <summary>The client's own; comes back exactly as it was.</summary>
    public RawJson RequestorData { get; init; }

    /// <summary>Provider that is wanted, if one of its pools can.</summary>
    public string? Provider { get; init; }

    /// <summary>Order within the priority; 0 comes first. The client may change it while nobody works on the request.</summary>
    public int RelativePriority { get; init; }

    /// <summary>For logs.</summary>
    public string? EventId { get; init; }

    /// <summary>When it was made.</summary>
    public double? CreatedTime { get; init; }

    /// <summary>Whose quota counts.</summary>
    public string? TenantName { get; init; }

    /// <summary>Members that this version does not know; stored again as they were.</summary>
    public ValueMap<RawJson> Unknown { get; init; } = ValueMap<RawJson>.Empty;

    /// <summary>The same request in another state, entered at <paramref name="now"/> (Unix seconds).</summary>
    public NodeRequestRecord To(RequestState state, double now) => this with { State = state, StateTime = now };

    /// <summary>Reads the stored form.</summary>
    /// <exception cref="RecordFormatException">It cannot be understood.</exception>
    public static NodeRequestRecord Read(ReadOnlySpan<byte> json)
    {
        var fields = new JsonFields(json);
        return new NodeRequestRecord
        {
            State = Words.RequestState(fields.Text("state")),
            StateTime = fields.Number("state_time"),
            DeclinedBy = fields.Texts("declined_by"),
            DeclineReasons = fields.Texts("decline_reasons"),
            FailedZones = fields.Texts("failed_zones"),
            LaunchDeadline = fields.OptionalNumber("launch_deadline"),
            HandedOver = fields.Texts("handed_over"),
            NodeTypes = fields.Texts("node_types"),
            Nodes = fields.Texts("nodes"),
            Reuse = fields.Bool("reuse", true),
            Requestor = fields.Text("requestor"),
            RequestorData = fields.Raw("requestor_data"),
            Provider = fields.Text("provider"),
            RelativePriority = fields.Int("relative_priority"),
            EventId = fields.Text("event_id"),
            CreatedTime = fields.OptionalNumber("created_time"),
            TenantName = fields.Text("tenant_name"),
            Unknown = fields.Rest(),
        };
    }

    /// <summary>The stored form: keys, order and nulls as Python writes them.</summary>
    public ReadOnlyMemory<byte> Write()
    {
        using var writer = new JsonRecordWriter();
        writer.Text("state", State.Word()).Number("state_time", StateTime)
            .Texts("declined_by", DeclinedBy).Texts("node_types", NodeTypes).Texts("nodes", Nodes).Bool("reuse", Reuse)
            .Text("requestor", Requestor).Raw("requestor_data", RequestorData).Text("provider", Provider)
            .Int("relative_priority", RelativePriority).Text("event_id", EventId).Number("created_time", CreatedTime).Text("tenant_name", TenantName);
        if (DeclineReasons.Count > 0)
        {
            writer.Texts("decline_reasons", DeclineReasons);
        }

        if (FailedZones.Count > 0)
        {
            writer.Texts("failed_zones", FailedZones);
        }

        if (LaunchDeadline is not null)
        {
            writer.Number("launch_deadline", LaunchDeadline);
        }

        if (HandedOver.Count > 0)
        {
            writer.Texts("handed_over", HandedOver);
        }

        return writer.Finish(Unknown);
    }
}
