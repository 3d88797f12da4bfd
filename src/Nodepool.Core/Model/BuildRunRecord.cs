using System.Text.Json;
using Nodepool.Core.Collections;
using Nodepool.Core.Model.Json;

namespace Nodepool.Core.Model;

/// <summary>
/// How an image build goes or went: stored in the build's record under <c>run</c>, an addition of this product that peers ignore. It is the
/// memory of estimates and of back-off, so that neither depends on a process that lives.
/// </summary>
public sealed record BuildRunRecord
{
    /// <summary>When it began, Unix seconds, clock of the builder.</summary>
    public double Started { get; init; }

    /// <summary>Its phases so far, in order.</summary>
    public ValueList<BuildPhase> Phases { get; init; } = [];

    /// <summary>How long it took, in seconds; null while it goes on.</summary>
    public double? Seconds { get; init; }

    /// <summary>Number of the attempt since the last success, the last change of the image's section or the last request; from 1.</summary>
    public int Attempt { get; init; } = 1;

    /// <summary>The request by command that it answers: when that was made, Unix milliseconds of the store; null for none.</summary>
    public long? RequestMs { get; init; }

    /// <summary>What it was built from, see <see cref="Imaging.BuildRecipe"/>; null in records of other programs.</summary>
    public string? Recipe { get; init; }

    /// <summary>Its builder ended in the middle of it: nothing is said about the image.</summary>
    public bool IsInterrupted { get; init; }

    /// <summary>What it took of the disk at most, in bytes; null when nobody measured.</summary>
    public long? DiskBytes { get; init; }

    /// <summary>What failed inside the tool, for people: an element with its script, or a phase.</summary>
    public string? FailedIn { get; init; }

    /// <summary>The end of the log of a build that failed; secrets are covered.</summary>
    public string? LastLines { get; init; }

    /// <summary>The phase that it is in, or was in at its end; null before the first one.</summary>
    public string? LastPhase => Phases is [.., var last] ? last.Name : null;

    internal static BuildRunRecord? Read(RawJson run)
    {
        if (!run.IsObject)
        {
            return null;
        }

        var fields = new JsonFields(run.Utf8);
        return new BuildRunRecord
        {
            Started = fields.Number("started"),
            Phases = ReadPhases(fields.Raw("phases")),
            Seconds = fields.OptionalNumber("seconds"),
            Attempt = fields.Int("attempt", 1),
            RequestMs = (long?)fields.OptionalNumber("request"),
            Recipe = fields.Text("recipe"),
            IsInterrupted = fields.Bool("interrupted", false),
            DiskBytes = (long?)fields.OptionalNumber("disk_bytes"),
            FailedIn = fields.Text("failed_in"),
            LastLines = fields.Text("last_lines"),
        };
    }

    internal RawJson Write() => RawJson.Build(writer =>
    {
        writer.WriteStartObject();
        writer.WriteNumber("started", Started);
        WritePhases(writer);
        writer.WriteNumber("attempt", Attempt);
        if (Seconds is { } seconds)
        {
            writer.WriteNumber("seconds", seconds);
        }

        if (RequestMs is { } request)
        {
            writer.WriteNumber("request", request);
        }

        if (DiskBytes is { } bytes)
        {
            writer.WriteNumber("disk_bytes", bytes);
        }

        if (IsInterrupted)
        {
            writer.WriteBoolean("interrupted", true);
        }

        WriteText(writer, "recipe", Recipe);
        WriteText(writer, "failed_in", FailedIn);
        WriteText(writer, "last_lines", LastLines);
        writer.WriteEndObject();
    });

    /// <summary>One member per phase; a name that comes twice counts from its first time.</summary>
    private static ValueList<BuildPhase> ReadPhases(RawJson phases)
    {
        if (!phases.IsObject)
        {
            return [];
        }

        var read = new List<BuildPhase>();
        var reader = new Utf8JsonReader(phases.Utf8);
        reader.Read();
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var name = reader.GetString()!;
            if (!reader.Read() || reader.TokenType != JsonTokenType.Number)
            {
                throw new RecordFormatException($"'run.phases.{name}' is no number");
            }

            read.Add(new BuildPhase(name, reader.GetDouble()));
        }

        return read.ToValueList();
    }

    private void WritePhases(Utf8JsonWriter writer)
    {
        writer.WriteStartObject("phases");
        foreach (var phase in Phases)
        {
            writer.WriteNumber(phase.Name, Math.Round(phase.Start, 1));
        }

        writer.WriteEndObject();
    }

    private static void WriteText(Utf8JsonWriter writer, string name, string? text)
    {
        if (text is not null)
        {
            writer.WriteString(name, text);
        }
    }
}
