using System.Globalization;
using System.Text.Json;
using Nodepool.Core.Collections;
using Nodepool.Core.Model.Json;

namespace Nodepool.Core.Model;

/// <summary>
/// All that a pool decides on besides the records, as its launcher tells at <c>/nodepool/terms/pool-&lt;sequence&gt;</c> (an addition of this product; gone with the
/// launcher's session): with it any process that sees the records can decide what the pool decides, and so say why. Written only when it changes.
/// </summary>
public sealed record PoolTermsRecord
{
    /// <summary>Id that the pool is registered under.</summary>
    public required string Component { get; init; }

    /// <summary>Name of the provider.</summary>
    public required string Provider { get; init; }

    /// <summary>Name of the pool.</summary>
    public required string Pool { get; init; }

    /// <summary>Lower is asked first.</summary>
    public int Priority { get; init; } = 100;

    /// <summary>What the pool's nodes may use together.</summary>
    public ValueMap<long> Limits { get; init; } = ValueMap<long>.Empty;

    /// <summary>What the cloud lets all pools of the provider use together, what others use taken off.</summary>
    public ValueMap<long> ProviderLimits { get; init; } = ValueMap<long>.Empty;

    /// <summary>Launches in flight at once, over the provider; -1 is no limit.</summary>
    public int MaxConcurrency { get; init; } = -1;

    /// <summary>Availability zones in which nodes may be launched; empty where there is nothing to choose.</summary>
    public ValueList<string> Zones { get; init; } = [];

    /// <summary>Until when nothing is launched because the cloud has said "quota", Unix seconds; null: it has not.</summary>
    public double? ClosedUntil { get; init; }

    /// <summary>What its launcher's clock was set forward to, Unix seconds: deadlines before that have not been waited for. Null: it was not.</summary>
    public double? ClockSetTo { get; init; }

    /// <summary>Slots of machines that exist, whose nodes are there without being asked for: nothing is launched for a request. Empty for other pools.</summary>
    public ValueList<SlotTerms> Slots { get; init; } = [];

    /// <summary>What the launcher's operator has switched off, <c>launches</c> or <c>deletes</c>.</summary>
    public ValueList<string> SwitchedOff { get; init; } = [];

    /// <summary>The labels that it serves.</summary>
    public ValueMap<LabelTerms> Labels { get; init; } = ValueMap<LabelTerms>.Empty;

    /// <summary>What its governor lets through, by label and for all together (<see cref="LaneTerms.All"/>); empty when it has none.</summary>
    public ValueMap<LaneTerms> Lanes { get; init; } = ValueMap<LaneTerms>.Empty;

    /// <summary>The tenants about which the configuration says something.</summary>
    public ValueMap<TenantTerms> Tenants { get; init; } = ValueMap<TenantTerms>.Empty;

    /// <summary>Launches of a label fail altogether, or those of all labels.</summary>
    public bool IsBroken(string label) => new[] { label, LaneTerms.All }.Any(name => Lanes.TryGetValue(name, out var lane) && lane.IsOpen);

    /// <summary>Reads the stored form.</summary>
    /// <exception cref="RecordFormatException">It cannot be understood.</exception>
    public static PoolTermsRecord Read(ReadOnlySpan<byte> json)
    {
        var fields = new JsonFields(json);
        return new PoolTermsRecord
        {
            Component = fields.Text("component") ?? throw new RecordFormatException("'component' is missing"),
            Provider = fields.Text("provider") ?? throw new RecordFormatException("'provider' is missing"),
            Pool = fields.Text("pool") ?? throw new RecordFormatException("'pool' is missing"),
            Priority = fields.Int("priority", 100),
            Limits = fields.Numbers("limits") ?? ValueMap<long>.Empty,
            ProviderLimits = fields.Numbers("provider_limits") ?? ValueMap<long>.Empty,
            MaxConcurrency = fields.Int("max_concurrency", -1),
            Zones = fields.Texts("zones"),
            ClosedUntil = fields.OptionalNumber("closed_until"),
            ClockSetTo = fields.OptionalNumber("clock_set_to"),
            Slots = [.. Each(fields.Raw("slots"), slots => new SlotTerms(slots.Texts("labels"), slots.Int("count"))).Values],
            SwitchedOff = fields.Texts("switched_off"),
            Labels = Each(fields.Raw("labels"), label => new LabelTerms(label.Numbers("cost") ?? ValueMap<long>.Empty, label.Text("image")) { Deadline = label.OptionalNumber("deadline") }),
            Lanes = Each(fields.Raw("lanes"), Lane),
            Tenants = Each(fields.Raw("tenants"), tenant => new TenantTerms(tenant.Numbers("limits") ?? ValueMap<long>.Empty, tenant.Int("weight", 1))),
        };
    }

    /// <summary>The stored form.</summary>
    public ReadOnlyMemory<byte> Write()
    {
        using var writer = new JsonRecordWriter();
        writer.Number("clock_set_to", ClockSetTo).Number("closed_until", ClosedUntil).Text("component", Component);
        writer.Raw("labels", Each(Labels, (json, label) =>
        {
            Write(json, "cost", label.Cost);
            json.WriteString("image", label.Image);
            Write(json, "deadline", label.Deadline);
        }));
        writer.Raw("lanes", Each(Lanes, (json, lane) =>
        {
            Write(json, "limit", lane.Limit);
            Write(json, "open_since", lane.OpenSince);
            Write(json, "tripped_at", lane.TrippedAt);
            Write(json, "probe_at", lane.ProbeAt);
            Write(json, "patience", lane.Patience);
            Write(json, "usual", lane.Usual);
            Write(json, "slow", lane.IsSlow);
            Write(json, "refusal", lane.IsRefusal);

            Write(json, "failure", lane.Failure);
            Write(json, "probed_zone", lane.ProbedZone);
            if (lane.AvoidedZones.Count > 0)
            {
                json.WriteStartArray("avoided_zones");
                lane.AvoidedZones.ToList().ForEach(json.WriteStringValue);
                json.WriteEndArray();
            }
        }));
        writer.Numbers("limits", Limits).Int("max_concurrency", MaxConcurrency).Text("pool", Pool).Int("priority", Priority).Text("provider", Provider)
            .Numbers("provider_limits", ProviderLimits).Texts("switched_off", SwitchedOff);
        writer.Raw("tenants", Each(Tenants, (json, tenant) =>
        {
            Write(json, "limits", tenant.Limits);
            json.WriteNumber("weight", tenant.Weight);
        }));
        var slots = Slots.Select((each, number) => KeyValuePair.Create(number.ToString(CultureInfo.InvariantCulture), each));
        writer.Raw("slots", Each(new ValueMap<SlotTerms>(slots), (json, each) =>
        {
            json.WriteNumber("count", each.Slots);
            json.WriteStartArray("labels");
            foreach (var label in each.Labels)
            {
                json.WriteStringValue(label);
            }

            json.WriteEndArray();
        }));
        writer.Texts("zones", Zones);
        return writer.Finish(ValueMap<RawJson>.Empty);
    }

    private static ValueMap<T> Each<T>(RawJson all, Func<JsonFields, T> read) => !all.IsObject ? ValueMap<T>.Empty
        : new ValueMap<T>(new JsonFields(all.Utf8).Rest().Where(pair => pair.Value.IsObject).Select(pair => KeyValuePair.Create(pair.Key, read(new JsonFields(pair.Value.Utf8)))));

    private static RawJson Each<T>(ValueMap<T> all, Action<Utf8JsonWriter, T> write) => RawJson.Build(json =>
    {
        json.WriteStartObject();
        foreach (var (name, value) in all)
        {
            json.WriteStartObject(name);
            write(json, value);
            json.WriteEndObject();
        }

        json.WriteEndObject();
    });

    private static LaneTerms Lane(JsonFields lane) => new()
    {
        Limit = lane.OptionalInt("limit"),
        OpenSince = lane.OptionalNumber("open_since"),
        TrippedAt = lane.OptionalNumber("tripped_at"),
        ProbeAt = lane.OptionalNumber("probe_at"),
        Failure = lane.Text("failure"),
        Patience = lane.OptionalNumber("patience"),
        Usual = lane.OptionalNumber("usual"),
        IsSlow = lane.Bool("slow", false),
        IsRefusal = lane.Bool("refusal", false),
        AvoidedZones = lane.Texts("avoided_zones"),
        ProbedZone = lane.Text("probed_zone"),
    };

    private static void Write(Utf8JsonWriter json, string name, bool isSo)
    {
        if (isSo)
        {
            json.WriteBoolean(name, true);
        }
    }

    private static void Write(Utf8JsonWriter json, string name, string? text)
    {
        if (text is not null)
        {
            json.WriteString(name, text);
        }
    }

    private static void Write(Utf8JsonWriter json, string name, double? number)
    {
        if (number is { } known)
        {
            json.WriteNumber(name, known);
        }
    }

    private static void Write(Utf8JsonWriter json, string name, ValueMap<long> numbers)
    {
        json.WriteStartObject(name);
        foreach (var (key, number) in numbers)
        {
            json.WriteNumber(key, number);
        }

        json.WriteEndObject();
    }
}
