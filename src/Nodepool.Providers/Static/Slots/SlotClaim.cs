using System.Text.Json.Nodes;
using Nodepool.Core.Collections;

namespace Nodepool.Providers.Static.Slots;

/// <summary>A slot in use.</summary>
/// <param name="Host">Which host, see <see cref="StaticHostConfig.Id"/>.</param>
/// <param name="Slot">Which of its slots, from 0.</param>
/// <param name="Token">Token of the launch attempt that took it.</param>
/// <param name="NodeId">The node that it is.</param>
/// <param name="Metadata">The launch order's metadata.</param>
internal sealed record SlotClaim(string Host, int Slot, string Token, string NodeId, ValueMap<string> Metadata)
{
    /// <summary><c>user@host:port#slot</c>.</summary>
    public string ExternalId => $"{Host}#{Slot}";

    /// <exception cref="FormatException">This is no claim.</exception>
    public static SlotClaim FromJson(JsonNode? json)
    {
        var entry = json as JsonObject ?? throw new FormatException("an entry is no object");
        var metadata = entry["metadata"] as JsonObject ?? throw new FormatException("'metadata' is no object");
        return new(
            Get<string>(entry, "host"),
            Get<int>(entry, "slot"),
            Get<string>(entry, "token"),
            Get<string>(entry, "node"),
            new ValueMap<string>(metadata.Select(pair => KeyValuePair.Create(pair.Key, Get<string>(metadata, pair.Key)))));
    }

    public JsonNode ToJson() => new JsonObject
    {
        ["host"] = Host,
        ["slot"] = Slot,
        ["token"] = Token,
        ["node"] = NodeId,
        ["metadata"] = new JsonObject(Metadata.Select(pair => KeyValuePair.Create<string, JsonNode?>(pair.Key, pair.Value))),
    };

    private static T Get<T>(JsonObject json, string name) =>
        json[name] is JsonValue value && value.TryGetValue(out T? member) ? member : throw new FormatException($"'{name}' is missing or of another type");
}
