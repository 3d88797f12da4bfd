using System.Text.Json;
using Nodepool.Core.Config;
using Nodepool.Core.Operations;

namespace Nodepool.Cli.Commands;

/// <summary>Tells how to log in to nodes that were taken.</summary>
internal static class Taken
{
    /// <returns>The exit status.</returns>
    public static int Print(CliCall call, NodepoolConfig config, string request, IReadOnlyList<TakenNode> nodes)
    {
        var logins = nodes.Select(node => (Node: node, Words: LoginLine.Words(node.Id, node.Record, call.World.FindLoginKey(config, node.Record.Provider)))).ToList();
        call.Answer(string.Join('\n', logins.Select(login => $"{login.Node.Id}  {ShellLine.Of(login.Words)}")), writer =>
        {
            writer.WriteStartObject();
            writer.WriteString("request", request);
            writer.WriteStartArray("nodes");
            foreach (var (node, words) in logins)
            {
                Write(writer, node, words);
            }

            writer.WriteEndArray();
            writer.WriteEndObject();
        });
        if (call.IsForPeople)
        {
            call.Note($"when you are done: nodepool return {string.Join(' ', nodes.Select(node => node.Id))}");
        }

        return ExitStatus.Ok;
    }

    private static void Write(Utf8JsonWriter writer, TakenNode node, IReadOnlyList<string> words)
    {
        var record = node.Record;
        writer.WriteStartObject();
        writer.WriteString("id", node.Id);
        writer.WriteString("label", node.Label);
        writer.WriteString("provider", record.Provider);
        writer.WriteString("host", LoginLine.Host(record));
        writer.WritePropertyName("port");
        writer.WriteRawValue(record.ConnectionPort.Utf8);
        writer.WriteString("username", record.Username);
        writer.WriteString("connection_type", record.ConnectionType);
        WriteAll(writer, "host_keys", record.HostKeys);
        WriteAll(writer, "known_hosts", record.HostKeys.Select(key => $"{LoginLine.Alias(node.Id)} {key}"));
        WriteAll(writer, "login", words);
        writer.WriteEndObject();
    }

    private static void WriteAll(Utf8JsonWriter writer, string name, IEnumerable<string> items)
    {
        writer.WriteStartArray(name);
        foreach (var item in items)
        {
            writer.WriteStringValue(item);
        }

        writer.WriteEndArray();
    }
}
