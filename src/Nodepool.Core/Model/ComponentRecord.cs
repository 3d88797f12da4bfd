using Nodepool.Core.Collections;
using Nodepool.Core.Model.Json;

namespace Nodepool.Core.Model;

/// <summary>A live process or pool as it is registered at <c>/nodepool/components/&lt;kind&gt;/&lt;host name&gt;&lt;sequence&gt;</c>.</summary>
public sealed record ComponentRecord
{
    /// <summary><c>launcher</c>, <c>builder</c> or <c>pool</c>.</summary>
    public required string Kind { get; init; }

    /// <summary>Host it runs on.</summary>
    public required string Hostname { get; init; }

    /// <summary><c>initializing</c>, <c>running</c>, <c>paused</c> or <c>stopped</c>.</summary>
    public string State { get; init; } = "running";

    /// <summary>Version of the program.</summary>
    public string? Version { get; init; }

    /// <summary>Level of the record format; peers above their own level stop. Ours is 0.</summary>
    public int ModelApi { get; init; }

    /// <summary>Pools: the id that declines and nodes are signed with; null for other kinds.</summary>
    public string? Id { get; init; }

    /// <summary>Pools: name of the pool.</summary>
    public string? Name { get; init; }

    /// <summary>Pools: name of the provider.</summary>
    public string? ProviderName { get; init; }

    /// <summary>Pools: labels that it can serve.</summary>
    public ValueList<string> SupportedLabels { get; init; } = [];

    /// <summary>Pools: lower is asked first.</summary>
    public int Priority { get; init; } = 100;

    /// <summary>Pools: cannot take more at the moment; others of lower priority may.</summary>
    public bool Paused { get; init; }

    /// <summary>
    /// Pools: how many nodes of its labels the launcher's configuration wants ready, none left out that wants any. Ours alone; peers skip it.
    /// </summary>
    public ValueMap<long> MinReady { get; init; } = ValueMap<long>.Empty;

    /// <summary>Pools: it keeps ready nodes of machines that exist already. Ours alone; peers skip it.</summary>
    public bool IsStanding { get; init; }

    /// <summary>Launchers: what their operator has switched off, <c>launches</c> or <c>deletes</c>. Ours alone; peers skip it.</summary>
    public ValueList<string> SwitchedOff { get; init; } = [];

    /// <summary>Members that this version does not know.</summary>
    public ValueMap<RawJson> Unknown { get; init; } = ValueMap<RawJson>.Empty;

    /// <summary>Reads the stored form.</summary>
    /// <exception cref="RecordFormatException">It cannot be understood.</exception>
    public static ComponentRecord Read(ReadOnlySpan<byte> json)
    {
        var fields = new JsonFields(json);
        return new ComponentRecord
        {
            Kind = fields.Text("kind") ?? "",
            Hostname = fields.Text("hostname") ?? "",
            State = fields.Text("state") ?? "stopped",
            Version = fields.Text("version"),
            ModelApi = fields.Int("model_api"),
            Id = fields.Text("id"),
            Name = fields.Text("name"),
            ProviderName = fields.Text("provider_name"),
            SupportedLabels = fields.Texts("supported_labels"),
            Priority = fields.Int("priority", 100),
            Paused = fields.Bool("paused", false),
            MinReady = fields.Numbers("min_ready") ?? ValueMap<long>.Empty,
            IsStanding = fields.Bool("standing", false),
            SwitchedOff = fields.Texts("switched_off"),
            Unknown = fields.Rest(),
        };
    }

    /// <summary>The stored form: keys in alphabetical order as Python writes them.</summary>
    public ReadOnlyMemory<byte> Write()
    {
        using var writer = new JsonRecordWriter();
        writer.Text("hostname", Hostname);
        if (Id is not null)
        {
            writer.Text("id", Id);
        }

        writer.Text("kind", Kind);
        if (MinReady.Count > 0)
        {
            writer.Numbers("min_ready", MinReady);
        }

        writer.Int("model_api", ModelApi);
        if (Id is not null)
        {
            writer.Text("name", Name).Bool("paused", Paused).Int("priority", Priority).Text("provider_name", ProviderName);
        }

        if (IsStanding)
        {
            writer.Bool("standing", true);
        }

        writer.Text("state", State);
        if (Id is not null)
        {
            writer.Texts("supported_labels", SupportedLabels);
        }

        if (SwitchedOff.Count > 0)
        {
            writer.Texts("switched_off", SwitchedOff);
        }

        writer.Text("version", Version);
        return writer.Finish(Unknown);
    }
}
