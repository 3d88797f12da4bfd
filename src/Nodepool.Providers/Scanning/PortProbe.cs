using System.Net.Sockets;
using System.Text;
using Nodepool.Core.Providers;

namespace Nodepool.Providers.Scanning;

/// <summary>One connection to a node: does it answer as wanted?</summary>
internal static class PortProbe
{
    private const int MostBytesBeforeBanner = 8192;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    /// <summary>Connects, and waits for the banner as long as the connection is good for anything.</summary>
    /// <param name="order">Where, and what to expect.</param>
    /// <param name="meanwhile">Told what is seen while the probe still waits.</param>
    /// <param name="time">The clock.</param>
    /// <param name="ct">Ends the probe.</param>
    public static async Task<Sighting> LookAsync(NodeScanOrder order, Action<Sighting> meanwhile, TimeProvider time, CancellationToken ct)
    {
        using var patience = new CancellationTokenSource(Patience, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(ct, patience.Token);
        using var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        var last = new Sighting(SightingKind.Unreachable, "timed out");
        try
        {
            meanwhile(last);
            await socket.ConnectAsync(order.Host, order.Port, either.Token);
            return order.IsSsh ? await ReadBannerAsync(socket, See, either.Token) : new(SightingKind.Answered);
        }
        catch (SocketException e)
        {
            return Sighting.Of(e);
        }
        catch (OperationCanceledException) when (!ct.IsCancellationRequested)
        {
            return last;
        }

        void See(Sighting seen) => meanwhile(last = seen);
    }

    private static async Task<Sighting> ReadBannerAsync(Socket socket, Action<Sighting> see, CancellationToken ct)
    {
        see(new(SightingKind.Silent));
        var buffer = new byte[MostBytesBeforeBanner];
        for (var length = 0; length < buffer.Length;)
        {
            var count = await socket.ReceiveAsync(buffer.AsMemory(length), ct);
            length += count;
            if (HasBanner(buffer.AsSpan(0, length)))
            {
                await SayHelloAsync(socket, ct);
                return new(SightingKind.Answered);
            }

            if (count == 0 && length == 0)
            {
                return new(SightingKind.Closed);
            }

            see(new(SightingKind.NotSsh, FirstLine(buffer.AsSpan(0, length))));
            if (count == 0)
            {
                break;
            }
        }

        return new(SightingKind.NotSsh, FirstLine(buffer));
    }

    /// <summary>RFC 4253, 4.2: other lines may come before the one that begins with <c>SSH-</c>.</summary>
    private static bool HasBanner(ReadOnlySpan<byte> seen) => seen.StartsWith("SSH-"u8) || seen.IndexOf("\nSSH-"u8) >= 0;

    /// <summary>Servers write an error into their log about a client that leaves without its own banner.</summary>
    private static async Task SayHelloAsync(Socket socket, CancellationToken ct)
    {
        try
        {
            await socket.SendAsync("SSH-2.0-nodepool\r\n"u8.ToArray(), ct);
        }
        catch (SocketException)
        {
            // The banner was seen; a node that hangs up right after it is no worse for that.
        }
    }

    private static string FirstLine(ReadOnlySpan<byte> seen)
    {
        var end = seen.IndexOfAny((byte)'\r', (byte)'\n');
        var line = seen[..Math.Min(end < 0 ? seen.Length : end, 80)];
        return "'" + string.Concat(Encoding.Latin1.GetString(line).Select(c => c is >= ' ' and <= '~' ? c : '.')) + "'";
    }
}
