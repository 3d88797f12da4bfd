using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Nodepool.Testing.OpenStack;

namespace Nodepool.Integration.Uploads;

/// <summary>
/// A cloud inside the process whose images' data go over a socket, as to a real one, to somebody who sums them up and throws them away. It takes one upload at a time.
/// </summary>
internal sealed class DataSink(FakeOpenStack cloud) : DelegatingHandler(new FakeOpenStackHandler(cloud))
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly HttpMessageInvoker _socket = new(new SocketsHttpHandler());
    private string? _sum;

    /// <summary>Bytes that have come.</summary>
    public long Taken { get; private set; }

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        if (request.Method == HttpMethod.Put && request.RequestUri!.AbsolutePath.EndsWith("/file", StringComparison.Ordinal))
        {
            await SendDataAsync(request.Content!, cancellationToken);
            request.Content = new ByteArrayContent([]);
        }

        var response = await base.SendAsync(request, cancellationToken);
        if (_sum is null || request.Method != HttpMethod.Get || await response.Content.ReadAsStringAsync(cancellationToken) is not { Length: > 0 } text || JsonNode.Parse(text) is not JsonObject image || !image.ContainsKey("os_hash_value"))
        {
            return response;
        }

        (image["size"], image["checksum"], image["os_hash_value"]) = (Taken, null, _sum);
        response.Content = new StringContent(image.ToJsonString(), Encoding.UTF8, "application/json");
        return response;
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            _socket.Dispose();
            _listener.Dispose();
        }

        base.Dispose(disposing);
    }

    private async Task SendDataAsync(HttpContent content, CancellationToken ct)
    {
        _listener.Start();
        var taking = TakeAsync(ct);
        using var put = new HttpRequestMessage(HttpMethod.Put, $"http://{_listener.LocalEndpoint}/") { Content = content };
        using var answer = await _socket.SendAsync(put, ct);
        _sum = await taking;
        _listener.Stop();
    }

    /// <summary>As much of HTTP as one client of ours needs.</summary>
    private async Task<string> TakeAsync(CancellationToken ct)
    {
        using var client = await _listener.AcceptTcpClientAsync(ct);
        await using var stream = client.GetStream();
        var head = new StringBuilder();
        var one = new byte[1];
        while (!head.ToString().EndsWith("\r\n\r\n", StringComparison.Ordinal))
        {
            await stream.ReadExactlyAsync(one, ct);
            head.Append((char)one[0]);
        }

        var length = head.ToString().Split("\r\n").Single(line => line.StartsWith("Content-Length:", StringComparison.OrdinalIgnoreCase)).Split(':')[1];
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA512);
        var buffer = new byte[1 << 17];
        for (var left = long.Parse(length, CultureInfo.InvariantCulture); left > 0;)
        {
            var read = await stream.ReadAsync(buffer.AsMemory(0, (int)Math.Min(buffer.Length, left)), ct);
            hash.AppendData(buffer, 0, read);
            Taken += read;
            left -= read > 0 ? read : throw new EndOfStreamException("the sender has hung up");
        }

        await stream.WriteAsync("HTTP/1.1 204 No Content\r\nConnection: close\r\n\r\n"u8.ToArray(), ct);
        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }
}
