using System.Text.Json.Nodes;
using Nodepool.Core;

namespace Nodepool.Testing.OpenStack;

/// <summary>Cinder of a <see cref="FakeOpenStack"/>.</summary>
public sealed class FakeCinder
{
    private readonly FakeOpenStack _cloud;

    internal FakeCinder(FakeOpenStack cloud) => _cloud = cloud;

    /// <summary>Volumes.</summary>
    public List<FakeVolume> Volumes { get; } = [];

    /// <summary>What the project may have.</summary>
    public Quota Limits { get; set; } = Quota.Of((Quota.Volumes, 10), (Quota.VolumeGb, 1000));

    /// <summary>The user may not change metadata.</summary>
    public bool ForbidsMetadata { get; set; }

    /// <summary>Puts a volume there.</summary>
    public string Add(int size, string? server)
    {
        var volume = new FakeVolume(_cloud.NewId(), size) { Server = server };
        Volumes.Add(volume);
        return volume.Id;
    }

    internal void ServerGone(FakeServer server, bool isLeft)
    {
        foreach (var volume in Volumes.Where(volume => volume.Server == server.Id).ToList())
        {
            volume.Server = null;
            if (!isLeft)
            {
                Volumes.Remove(volume);
            }
        }
    }

    internal FakeReply Answer(FakeCall call) => (call.Method, call.Parts) switch
    {
        ("GET", ["volumes", "detail"]) => FakeReply.Of(new JsonObject { ["volumes"] = new JsonArray([.. Volumes.Select(Describe)]) }),
        ("DELETE", ["volumes", var id]) => Delete(id),
        ("POST", ["volumes", var id, "metadata"]) => Mark(id, call.Body!["metadata"]!.AsObject()),
        ("GET", ["limits"]) => FakeReply.Of(new JsonObject
        {
            ["limits"] = new JsonObject
            {
                ["absolute"] = new JsonObject
                {
                    ["maxTotalVolumes"] = Limits.Amounts.GetValueOrDefault(Quota.Volumes, -1),
                    ["maxTotalVolumeGigabytes"] = Limits.Amounts.GetValueOrDefault(Quota.VolumeGb, -1),
                },
            },
        }),
        _ => FakeReply.NotFound(call.Path),
    };

    private FakeReply Delete(string id)
    {
        var volume = Volumes.FirstOrDefault(volume => volume.Id == id);
        if (volume is { Server: not null })
        {
            return FakeReply.Refusal(400, "Invalid volume: Volume status must be available or error.");
        }

        return FakeReply.Empty(volume is not null && Volumes.Remove(volume) ? 202 : 404);
    }

    private FakeReply Mark(string id, JsonObject metadata)
    {
        if (ForbidsMetadata)
        {
            return FakeReply.Refusal(403, "Policy doesn't allow it.");
        }

        if (Volumes.FirstOrDefault(volume => volume.Id == id) is not { } volume)
        {
            return FakeReply.NotFound($"Volume {id}");
        }

        foreach (var (key, value) in metadata)
        {
            volume.Metadata[key] = value!.GetValue<string>();
        }

        return FakeReply.Of(new JsonObject { ["metadata"] = metadata.DeepClone() });
    }

    private static JsonObject Describe(FakeVolume volume)
    {
        var metadata = new JsonObject();
        foreach (var (key, value) in volume.Metadata)
        {
            metadata[key] = value;
        }

        return new JsonObject
        {
            ["id"] = volume.Id,
            ["name"] = "",
            ["size"] = volume.Size,
            ["status"] = volume.Server is null ? "available" : "in-use",
            ["metadata"] = metadata,
            ["attachments"] = volume.Server is null ? new JsonArray() : new JsonArray(new JsonObject { ["server_id"] = volume.Server }),
        };
    }
}
