using System.Text;
using System.Text.Json.Nodes;

namespace Nodepool.Testing.OpenStack;

/// <summary>What a service answers.</summary>
/// <param name="Status">HTTP status.</param>
/// <param name="Body">The body.</param>
public sealed record FakeReply(int Status, ReadOnlyMemory<byte> Body)
{
    /// <summary>Seconds of <c>Retry-After</c>; null: none.</summary>
    public int? RetryAfter { get; init; }

    /// <summary>JSON.</summary>
    public static FakeReply Of(JsonNode body, int status = 200) => new(status, Encoding.UTF8.GetBytes(body.ToJsonString()));

    /// <summary>Nothing but a status.</summary>
    public static FakeReply Empty(int status) => new(status, default);

    /// <summary>A refusal as Nova words it.</summary>
    public static FakeReply Refusal(int status, string message) => Of(new JsonObject { ["fault"] = new JsonObject { ["message"] = message, ["code"] = status } }, status);

    /// <summary>There is no such thing.</summary>
    public static FakeReply NotFound(string what) => Refusal(404, $"{what} could not be found.");
}
