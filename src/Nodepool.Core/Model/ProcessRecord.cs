using Nodepool.Core.Collections;
using Nodepool.Core.Model.Json;

namespace Nodepool.Core.Model;

/// <summary>
/// A live process and the configuration that it works with, as it says itself at <c>/nodepool/processes/&lt;host name&gt;&lt;sequence&gt;</c>: an entry of
/// our own that peers do not read, gone with the process's session.
/// </summary>
public sealed record ProcessRecord
{
    /// <summary>Host it runs on.</summary>
    public required string Hostname { get; init; }

    /// <summary>Its process id there.</summary>
    public required int ProcessId { get; init; }

    /// <summary>What it does: <c>launcher</c>, <c>builder</c>, <c>web</c>.</summary>
    public ValueList<string> Roles { get; init; } = [];

    /// <summary>Its configuration files, as they were named.</summary>
    public string ConfigFiles { get; init; } = "";

    /// <summary>Revision in force: 1 for the first of the process.</summary>
    public long Revision { get; init; }

    /// <summary>Since when it is in force, Unix seconds.</summary>
    public double Since { get; init; }

    /// <summary>Fingerprint of the main file in force, so that processes can be compared; empty when it is not known.</summary>
    public string Digest { get; init; } = "";

    /// <summary>Since when a newer version is refused, Unix seconds; null when the newest is in force.</summary>
    public double? RefusedSince { get; init; }

    /// <summary>The first errors of the refused version; never with a secret.</summary>
    public ValueList<string> Problems { get; init; } = [];

    /// <summary>How many errors it has in all.</summary>
    public int ProblemCount { get; init; }

    /// <summary>Reads the stored form.</summary>
    /// <exception cref="RecordFormatException">It cannot be understood.</exception>
    public static ProcessRecord Read(ReadOnlySpan<byte> json)
    {
        var fields = new JsonFields(json);
        return new ProcessRecord
        {
            Hostname = fields.Text("hostname") ?? "",
            ProcessId = fields.Int("process_id"),
            Roles = fields.Texts("roles"),
            ConfigFiles = fields.Text("config_files") ?? "",
            Revision = fields.Int("revision"),
            Since = fields.Number("since"),
            Digest = fields.Text("digest") ?? "",
            RefusedSince = fields.OptionalNumber("refused_since"),
            Problems = fields.Texts("problems"),
            ProblemCount = fields.Int("problem_count"),
        };
    }

    /// <summary>The stored form.</summary>
    public ReadOnlyMemory<byte> Write()
    {
        using var writer = new JsonRecordWriter();
        writer.Text("config_files", ConfigFiles).Text("digest", Digest).Text("hostname", Hostname).Int("problem_count", ProblemCount).Texts("problems", Problems)
            .Int("process_id", ProcessId).Number("refused_since", RefusedSince).Int("revision", Revision).Texts("roles", Roles).Number("since", Since);
        return writer.Finish(ValueMap<RawJson>.Empty);
    }
}
