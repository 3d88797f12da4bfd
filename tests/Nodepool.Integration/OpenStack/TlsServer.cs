using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using Nodepool.Testing.ZooKeeper;

namespace Nodepool.Integration.OpenStack;

/// <summary>A Keystone behind TLS that gives everybody a token; tells by which certificate they were recognised.</summary>
internal sealed class TlsServer : IAsyncDisposable
{
    private static readonly string Answer = Whole("""{"token": {"project": {"id": "P"}, "catalog": []}}""");

    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _end = new();
    private readonly X509Certificate2 _certificate;
    private readonly Task _work;

    public TlsServer(TestCertificates certificates)
    {
        _certificate = X509Certificate2.CreateFromPemFile(certificates.ServerCertificate, certificates.ServerKey);
        _listener.Start();
        Url = $"https://localhost:{((IPEndPoint)_listener.LocalEndpoint).Port}/v3";
        _work = AcceptAsync();
    }

    public string Url { get; }

    /// <summary>Subject of the last client's certificate; null when it had none.</summary>
    public string? Client { get; private set; }

    /// <summary>What the last client sent first.</summary>
    public string Request { get; private set; } = "";

    public async ValueTask DisposeAsync()
    {
        await _end.CancelAsync();
        _listener.Stop();
        await _work;
        _certificate.Dispose();
        _end.Dispose();
    }

    private static string Whole(string body) =>
        $"HTTP/1.1 201 Created\r\nContent-Type: application/json\r\nX-Subject-Token: t\r\nContent-Length: {body.Length}\r\nConnection: close\r\n\r\n{body}";

    private async Task AcceptAsync()
    {
        while (!_end.IsCancellationRequested)
        {
            try
            {
                using var client = await _listener.AcceptTcpClientAsync(_end.Token);
                await using var stream = new SslStream(client.GetStream(), leaveInnerStreamOpen: false, (_, certificate, _, _) => certificate is null or { Subject.Length: > 0 });
                await stream.AuthenticateAsServerAsync(new SslServerAuthenticationOptions { ServerCertificate = _certificate, ClientCertificateRequired = true }, _end.Token);
                Client = stream.RemoteCertificate?.Subject;
                var buffer = new byte[8192];
                Request = Encoding.UTF8.GetString(buffer, 0, await stream.ReadAsync(buffer, _end.Token));
                await stream.WriteAsync(Encoding.UTF8.GetBytes(Answer), _end.Token);
            }
            catch (Exception e) when (e is IOException or AuthenticationException or OperationCanceledException or SocketException or ObjectDisposedException)
            {
                // A client that does not trust us goes away.
            }
        }
    }
}
