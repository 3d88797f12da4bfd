using Nodepool.Core.Collections;
using Nodepool.Core.Model.Json;

namespace Nodepool.Core.Model;

/// <summary>
/// A job whose nodes are wanted when it fails, as it is stored at <c>/nodepool/jobs/&lt;sequence&gt;</c> (an addition of this product;
/// releases up to 0.5 kept it in SQL).
/// </summary>
public sealed record JobRecord
{
    /// <summary>Exact name of the job.</summary>
    public required string Name { get; init; }

    /// <summary>So many nodes of failed runs are kept at the same time; 0 keeps none.</summary>
    public int HoldOnFailure { get; init; }

    /// <summary>Members that this version does not know; stored again as they were.</summary>
    public ValueMap<RawJson> Unknown { get; init; } = ValueMap<RawJson>.Empty;

    /// <summary>Reads the stored form.</summary>
    /// <exception cref="RecordFormatException">It cannot be understood.</exception>
    public static JobRecord Read(ReadOnlySpan<byte> json)
    {
        var fields = new JsonFields(json);
        return new JobRecord
        {
            Name = fields.Text("name") ?? throw new RecordFormatException("'name' is missing"),
            HoldOnFailure = fields.Int("hold_on_failure"),
            Unknown = fields.Rest(),
        };
    }

    /// <summary>The stored form.</summary>
    public ReadOnlyMemory<byte> Write()
    {
        using var writer = new JsonRecordWriter();
        writer.Text("name", Name).Int("hold_on_failure", HoldOnFailure);
        return writer.Finish(Unknown);
    }
}
