using System.Net;
using System.Net.Sockets;

namespace Nodepool.State.ZooKeeper.Client;

/// <summary>Connects over TCP, with TLS when it is given the files for it. Names are resolved at every attempt: servers move.</summary>
/// <param name="tls">Encrypts and authenticates; null is plain TCP.</param>
/// <param name="nextDouble">Chance: which of the addresses of a name comes first.</param>
internal sealed class TcpDialer(TlsHandshake? tls, Func<double> nextDouble) : IDialer
{
    public async ValueTask<Stream> DialAsync(ServerAddress server, CancellationToken ct)
    {
        var plain = new NetworkStream(await ConnectAsync(server, ct), ownsSocket: true);
        if (tls is null)
        {
            return plain;
        }

        try
        {
            return await tls.EncryptAsync(plain, server.Host, ct);
        }
        catch
        {
            await plain.DisposeAsync();
            throw;
        }
    }

    private async Task<Socket> ConnectAsync(ServerAddress server, CancellationToken ct)
    {
        Exception? last = null;
        foreach (var address in await ResolveAsync(server.Host, ct))
        {
            var socket = new Socket(address.AddressFamily, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
            try
            {
                await socket.ConnectAsync(address, server.Port, ct);
                return socket;
            }
            catch (SocketException e)
            {
                socket.Dispose();
                last = e;
            }
            catch
            {
                socket.Dispose();
                throw;
            }
        }

        throw new IOException(last?.Message ?? $"{server.Host} has no address", last);
    }

    private async Task<IPAddress[]> ResolveAsync(string host, CancellationToken ct)
    {
        try
        {
            var addresses = await Dns.GetHostAddressesAsync(host, ct);
            var first = addresses.Length == 0 ? 0 : (int)(nextDouble() * addresses.Length);
            return [.. addresses[first..], .. addresses[..first]];
        }
        catch (SocketException e)
        {
            throw new IOException($"{host} cannot be resolved: {e.Message}", e);
        }
    }
}
