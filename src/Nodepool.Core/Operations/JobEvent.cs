using System.Text.Json;

namespace Nodepool.Core.Operations;

/// <summary>
/// The end of a job, as publishers of job events tell it (the ZeroMQ plugin of Jenkins, launchers of Zuul 2): a topic, a blank, an object in JSON with <c>name</c> and
/// <c>build</c>, of which <c>node_name</c> and <c>status</c> count.
/// </summary>
/// <param name="Node">Name of the node as the CI system calls it.</param>
/// <param name="Job">The job.</param>
public sealed record JobEvent(string Node, EndedJob Job)
{
    private const string Ended = "onFinalized";
    private const string Success = "SUCCESS";

    /// <summary>Reads a message.</summary>
    /// <param name="message">The message.</param>
    /// <returns>Null when it tells of something else than the end of a job on a node: its start, a job without node.</returns>
    /// <exception cref="FormatException">It is no such message; the text says why, and does not repeat it.</exception>
    public static JobEvent? Parse(string message)
    {
        ArgumentNullException.ThrowIfNull(message);
        var blank = message.IndexOf(' ', StringComparison.Ordinal);
        if (blank < 0)
        {
            throw new FormatException("there is no blank between a topic and an object");
        }

        if (message[..blank] != Ended)
        {
            return null;
        }

        try
        {
            using var json = JsonDocument.Parse(message.AsMemory(blank + 1));
            var name = Text(json.RootElement, "name") ?? throw new FormatException("it names no job");
            return json.RootElement.TryGetProperty("build", out var build) && Text(build, "node_name") is { Length: > 0 } node
                ? new JobEvent(node, new EndedJob(name, HasFailed: Text(build, "status") != Success))
                : null;
        }
        catch (JsonException)
        {
            throw new FormatException("what follows the topic is no JSON");
        }
    }

    private static string? Text(JsonElement owner, string name) =>
        owner.ValueKind == JsonValueKind.Object && owner.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;
}
