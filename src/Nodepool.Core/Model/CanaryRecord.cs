using Nodepool.Core.Collections;
using Nodepool.Core.Model.Json;

namespace Nodepool.Core.Model;

/// <summary>
/// Which upload of an image is trusted at a provider, and the last trial of a newer one; at <c>/nodepool/images/&lt;image&gt;/canaries/&lt;provider&gt;</c>, for a
/// label at <c>/nodepool/images/&lt;image&gt;/label-canaries/&lt;provider&gt;/=&lt;label&gt;</c> (an addition of this product). Times are Unix seconds.
/// </summary>
public sealed record CanaryRecord
{
    /// <summary>Path of the upload that serves the other launches, and all when there is no trial.</summary>
    public required string Trusted { get; init; }

    /// <summary>When the build of the trusted upload was made. What is older needs no trial: it was used before, and is gone back to.</summary>
    public double TrustedBuilt { get; init; }

    /// <summary>Path of the upload on trial, or of the last one; null when there was none yet.</summary>
    public string? Candidate { get; init; }

    /// <summary>When the trial began.</summary>
    public double Since { get; init; }

    /// <summary>How it ended; null while it lasts.</summary>
    public CanaryVerdict? Verdict { get; init; }

    /// <summary>Why it ended so, with the evidence, for people.</summary>
    public string? Reason { get; init; }

    /// <summary>Launches from the candidate.</summary>
    public CanaryTally New { get; init; } = new();

    /// <summary>Launches from the trusted upload while the trial lasts.</summary>
    public CanaryTally Old { get; init; } = new();

    /// <summary>Members that this version does not know; stored again as they were.</summary>
    public ValueMap<RawJson> Unknown { get; init; } = ValueMap<RawJson>.Empty;

    /// <summary>A trial is going on.</summary>
    public bool IsOpen => Candidate is not null && Verdict is null;

    /// <summary>Reads the stored form.</summary>
    /// <exception cref="RecordFormatException">It cannot be understood.</exception>
    public static CanaryRecord Read(ReadOnlySpan<byte> json)
    {
        var fields = new JsonFields(json);
        return new CanaryRecord
        {
            Trusted = fields.Text("trusted") ?? throw new RecordFormatException("'trusted' is missing"),
            TrustedBuilt = fields.Number("trusted_built"),
            Candidate = fields.Text("candidate"),
            Since = fields.Number("since"),
            Verdict = fields.Text("verdict") switch
            {
                null => null,
                "promoted" => CanaryVerdict.Promoted,
                "withdrawn" => CanaryVerdict.Withdrawn,
                var other => throw new RecordFormatException($"'verdict' is '{other}'; known are promoted and withdrawn"),
            },
            Reason = fields.Text("reason"),
            New = CanaryTally.Read(fields.Raw("new")),
            Old = CanaryTally.Read(fields.Raw("old")),
            Unknown = fields.Rest(),
        };
    }

    /// <summary>The stored form.</summary>
    public ReadOnlyMemory<byte> Write()
    {
        using var writer = new JsonRecordWriter();
        writer.Text("trusted", Trusted).Number("trusted_built", TrustedBuilt).Text("candidate", Candidate).Number("since", Since)
            .Text("verdict", Verdict switch { null => null, CanaryVerdict.Promoted => "promoted", _ => "withdrawn" })
            .Text("reason", Reason).Raw("new", New.Write()).Raw("old", Old.Write());
        return writer.Finish(Unknown);
    }
}
