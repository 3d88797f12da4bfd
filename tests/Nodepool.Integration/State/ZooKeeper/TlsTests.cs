using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using Microsoft.Extensions.Logging.Abstractions;
using Nodepool.Core;
using Nodepool.Core.State;
using Nodepool.State.ZooKeeper;
using Nodepool.State.ZooKeeper.Client;
using Nodepool.Testing.ZooKeeper;

namespace Nodepool.Integration.State.ZooKeeper;

/// <summary>Who is trusted, and what is said when somebody is not.</summary>
public sealed class TlsTests
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Certificate_ForAnotherName_IsTakenUnlessNamesAreChecked()
    {
        var shared = await SharedServer.Instance;
        // It is made out to localhost.
        var servers = $"127.0.0.1:{shared.Server.SecurePort}";
        var files = FilesOf(shared.Certificates);

        await using (await OpenAsync(servers, files))
        {
        }

        var refused = await Assert.ThrowsAsync<StateException>(() => OpenAsync(servers, files with { ChecksHostName = true }));
        Assert.Contains("the server's certificate is not made out to 127.0.0.1", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Server_OfAnotherAuthority_IsRefused()
    {
        var shared = await SharedServer.Instance;
        using var others = new TestCertificates();

        var refused = await Assert.ThrowsAsync<StateException>(
            () => OpenAsync(shared.Server.SecureAddress, FilesOf(shared.Certificates) with { Authorities = others.Authority }));

        Assert.Equal(StateFault.Unavailable, refused.Fault);
        Assert.Contains($"the server's certificate is not from an authority in {others.Authority}", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Client_OfAnotherAuthority_IsRefusedByTheServer()
    {
        var shared = await SharedServer.Instance;
        using var others = new TestCertificates();

        await Assert.ThrowsAsync<StateException>(() => OpenAsync(
            shared.Server.SecureAddress, FilesOf(others) with { Authorities = shared.Certificates.Authority }));
    }

    [Fact]
    public async Task Files_ThatCannotBeUsed_AreNamedAndNotQuoted()
    {
        var shared = await SharedServer.Instance;
        var files = FilesOf(shared.Certificates);

        var missing = await Assert.ThrowsAsync<StateException>(() => OpenAsync(shared.Server.SecureAddress, files with { Key = "/no/such.key" }));
        var wrong = await Assert.ThrowsAsync<StateException>(() => OpenAsync(shared.Server.SecureAddress, files with { Key = files.Certificate }));

        Assert.Contains("/no/such.key", missing.Message, StringComparison.Ordinal);
        Assert.Contains(files.Certificate, wrong.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("BEGIN", wrong.ToString(), StringComparison.Ordinal);
    }

    /// <summary>Debian's server speaks TLS 1.2 only; newer ones 1.3 as well.</summary>
    [Theory]
    [InlineData(SslProtocols.Tls12)]
    [InlineData(SslProtocols.Tls13)]
    public async Task Protocol_OfTheServer_IsSpokenOverBothKindsOfAddresses(SslProtocols protocol)
    {
        using var certificates = new TestCertificates();
        foreach (var address in new[] { IPAddress.Loopback, IPAddress.IPv6Loopback })
        {
            using var listener = new TcpListener(address, 0);
            listener.Start();
            var serving = ServeAsync(listener, certificates, protocol);
            var host = address.AddressFamily == AddressFamily.InterNetworkV6 ? $"[{address}]" : address.ToString();

            await using (var engine = await OpenAsync($"{host}:{((IPEndPoint)listener.LocalEndpoint).Port}", FilesOf(certificates)))
            {
                await engine.CommitAsync([new Write.Create("/a", default, CreateModes.Persistent)], Ct);
                Assert.NotNull(await engine.GetAsync("/a", Ct));
            }

            Assert.Equal((protocol, true), await serving);
        }
    }

    private static TlsFiles FilesOf(TestCertificates certificates) =>
        new(certificates.ClientCertificate, certificates.ClientKey, certificates.Authority, ChecksHostName: false);

    private static Task<ZooKeeperEngine> OpenAsync(string servers, TlsFiles files) => ZooKeeperEngine.OpenAsync(
        new ZooKeeperSettings(servers) { Tls = files, SessionTimeout = TimeSpan.FromSeconds(4) }, SystemSources.Create(), NullLogger.Instance, Ct);

    /// <summary>One connection of a fake server behind TLS.</summary>
    /// <returns>The protocol, and whether the client has shown a certificate.</returns>
    private static async Task<(SslProtocols Protocol, bool IsClientKnown)> ServeAsync(TcpListener listener, TestCertificates certificates, SslProtocols protocol)
    {
        using var client = await listener.AcceptTcpClientAsync(Ct);
        await using var encrypted = new SslStream(client.GetStream());
        using var own = X509Certificate2.CreateFromPemFile(certificates.ServerCertificate, certificates.ServerKey);
        await encrypted.AuthenticateAsServerAsync(
            new SslServerAuthenticationOptions
            {
                ServerCertificate = own,
                ClientCertificateRequired = true,
                EnabledSslProtocols = protocol,
                RemoteCertificateValidationCallback = (_, certificate, _, _) => certificate is not null,
            },
            Ct);
        await using var plain = await new FakeZooKeeper(TimeProvider.System).DialAsync(new ServerAddress("fake", 1), Ct);
        await Task.WhenAny(encrypted.CopyToAsync(plain, Ct), plain.CopyToAsync(encrypted, Ct));
        return (encrypted.SslProtocol, encrypted.RemoteCertificate is not null);
    }
}
