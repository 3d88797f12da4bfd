using System.Net.Sockets;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Nodepool.Providers.Local.Machines;

/// <summary>Asks a QEMU by its control socket (QEMU machine protocol specification). One connection per question.</summary>
internal static class QmpClient
{
    private const string Ready = "qmp_capabilities";

    /// <summary>Runs a command without arguments.</summary>
    /// <returns>What it returned; null when nobody answers properly within the time, whatever the reason.</returns>
    public static async ValueTask<JsonNode?> AskAsync(string socketPath, string command, TimeSpan limit, TimeProvider time, CancellationToken ct)
    {
        using var timeout = new CancellationTokenSource(limit, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(ct, timeout.Token);
        try
        {
            using var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
            await socket.ConnectAsync(new UnixDomainSocketEndPoint(socketPath), either.Token);
            await using var stream = new NetworkStream(socket, ownsSocket: false);
            using var reader = new StreamReader(stream, Encoding.UTF8, detectEncodingFromByteOrderMarks: false, bufferSize: 1024, leaveOpen: true);
            if (await ReadAsync(reader, either.Token) is not { } greeting || greeting["QMP"] is null)
                return null;
            return await CallAsync(stream, reader, Ready, either.Token) is null ? null : await CallAsync(stream, reader, command, either.Token);
        }
        catch (OperationCanceledException) when (!ct.IsCancellationRequested)
        {
            return null;
        }
        catch (Exception e) when (e is SocketException or IOException or JsonException or ArgumentOutOfRangeException)
        {
            // Nobody listens, it closed half-way, or the path is too long for a socket: no answer.
            return null;
        }
    }

    private static async ValueTask<JsonNode?> CallAsync(NetworkStream stream, StreamReader reader, string command, CancellationToken ct)
    {
        await stream.WriteAsync(Encoding.UTF8.GetBytes($$"""{"execute":"{{command}}"}""" + "\n"), ct);
        while (await ReadAsync(reader, ct) is { } message)
        {
            // Events come in between.
            if (message["return"] is { } answer)
                return answer;
            if (message["error"] is not null)
                return null;
        }

        return null;
    }

    private static async ValueTask<JsonNode?> ReadAsync(StreamReader reader, CancellationToken ct) =>
        await reader.ReadLineAsync(ct) is { } line ? JsonNode.Parse(line) : null;
}
