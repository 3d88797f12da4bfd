using Nodepool.Core.Model.Json;

namespace Nodepool.Core.Model;

/// <summary>
/// How far the launch of a node is: stored in the node's <c>driver_data</c> under <c>launch</c> before the cloud is asked, so that
/// any launcher can go on after a crash. Times are Unix seconds.
/// </summary>
public sealed record LaunchRecord
{
    /// <summary>Number of the present attempt, from 1.</summary>
    public int Attempt { get; init; } = 1;

    /// <summary>Name of the present attempt at the cloud; unique over all attempts of all nodes.</summary>
    public required string Token { get; init; }

    /// <summary>What the attempt does now.</summary>
    public LaunchPhase Phase { get; init; }

    /// <summary>The driver's own word for the next step of <see cref="LaunchPhase.Create"/>.</summary>
    public string Stage { get; init; } = Providers.LaunchProgress.Start;

    /// <summary>When the attempt has failed unless it is done.</summary>
    public double Deadline { get; init; }

    /// <summary>Why the attempt before this one failed, for people.</summary>
    public string? Failure { get; init; }

    /// <summary>It ended because launches fail there altogether: that says nothing about the request.</summary>
    public bool IsOutage { get; init; }

    internal static LaunchRecord? Read(RawJson driverData)
    {
        if (!driverData.IsObject)
        {
            return null;
        }

        var launch = new JsonFields(driverData.Utf8).Raw("launch");
        if (!launch.IsObject)
        {
            return null;
        }

        var fields = new JsonFields(launch.Utf8);
        return new LaunchRecord
        {
            Attempt = fields.Int("attempt", 1),
            Token = fields.Text("token") ?? throw new RecordFormatException("'driver_data.launch' has no 'token'"),
            Phase = fields.Text("phase") switch
            {
                "create" => LaunchPhase.Create,
                "scan" => LaunchPhase.Scan,
                "clean" => LaunchPhase.Clean,
                "done" => LaunchPhase.Done,
                var other => throw new RecordFormatException($"'driver_data.launch.phase' is '{other}'; known are create, scan, clean, done"),
            },
            Stage = fields.Text("stage") ?? Providers.LaunchProgress.Start,
            Deadline = fields.Number("deadline"),
            Failure = fields.Text("failure"),
            IsOutage = fields.Bool("outage", false),
        };
    }

    /// <param name="place">Stored beside it, where Python reads it.</param>
    internal RawJson Write(SlotPlace? place) => RawJson.Build(writer =>
    {
        writer.WriteStartObject();
        writer.WriteStartObject("launch");
        writer.WriteNumber("attempt", Attempt);
        writer.WriteString("token", Token);
        writer.WriteString("phase", Phase switch
        {
            LaunchPhase.Create => "create",
            LaunchPhase.Scan => "scan",
            LaunchPhase.Clean => "clean",
            _ => "done",
        });
        writer.WriteString("stage", Stage);
        writer.WriteNumber("deadline", Deadline);
        writer.WriteString("failure", Failure);
        if (IsOutage)
        {
            writer.WriteBoolean("outage", true);
        }

        writer.WriteEndObject();
        if (place is not null)
        {
            writer.WriteString("backing_node", place.BackingNode);
            writer.WriteNumber("slot", place.Slot);
        }

        writer.WriteEndObject();
    });
}
