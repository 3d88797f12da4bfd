using Nodepool.Core.Model.Json;

namespace Nodepool.Core.Model;

/// <summary>What became of the launches from one upload during a trial.</summary>
public sealed record CanaryTally
{
    /// <summary>Launches that got ready.</summary>
    public int Ready { get; init; }

    /// <summary>Attempts that failed.</summary>
    public int Failed { get; init; }

    /// <summary>Seconds that those that got ready took, together.</summary>
    public double Seconds { get; init; }

    /// <summary>Jobs that succeeded.</summary>
    public int JobsPassed { get; init; }

    /// <summary>Jobs that failed.</summary>
    public int JobsFailed { get; init; }

    /// <summary>Results of launches.</summary>
    public int Launches => Ready + Failed;

    /// <summary>Mean seconds to ready; 0 when nothing got ready.</summary>
    public double MeanSeconds => Ready == 0 ? 0 : Seconds / Ready;

    /// <summary>For people: "18 of 20 launches ready, 41 s on average; 3 of 3 jobs passed".</summary>
    public override string ToString() =>
        $"{Ready} of {Launches} launches ready{(Ready > 0 ? $", {MeanSeconds:0} s on average" : "")}"
        + (JobsPassed + JobsFailed > 0 ? $"; {JobsPassed} of {JobsPassed + JobsFailed} jobs passed" : "");

    internal static CanaryTally Read(RawJson json)
    {
        if (!json.IsObject)
        {
            return new CanaryTally();
        }

        var fields = new JsonFields(json.Utf8);
        return new CanaryTally
        {
            Ready = fields.Int("ready"),
            Failed = fields.Int("failed"),
            Seconds = fields.Number("seconds"),
            JobsPassed = fields.Int("jobs_passed"),
            JobsFailed = fields.Int("jobs_failed"),
        };
    }

    internal RawJson Write() => RawJson.Build(writer =>
    {
        writer.WriteStartObject();
        writer.WriteNumber("ready", Ready);
        writer.WriteNumber("failed", Failed);
        writer.WriteNumber("seconds", Seconds);
        writer.WriteNumber("jobs_passed", JobsPassed);
        writer.WriteNumber("jobs_failed", JobsFailed);
        writer.WriteEndObject();
    });
}
