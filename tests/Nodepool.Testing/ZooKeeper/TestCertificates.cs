using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Nodepool.Testing.ZooKeeper;

/// <summary>An authority of its own for one test run, and what it has signed: PEM files in a directory that goes with it.</summary>
public sealed class TestCertificates : IDisposable
{
    private const string ServerAuthentication = "1.3.6.1.5.5.7.3.1";
    private const string ClientAuthentication = "1.3.6.1.5.5.7.3.2";
    private static readonly DateTimeOffset Begin = new(2020, 1, 1, 0, 0, 0, TimeSpan.Zero);
    private static readonly DateTimeOffset End = new(2120, 1, 1, 0, 0, 0, TimeSpan.Zero);

    private readonly string _directory = Directory.CreateTempSubdirectory("nodepool-tls-").FullName;
    private readonly X509Certificate2 _authority;
    private byte _serial;

    /// <summary>Makes the authority, a server's certificate for <c>localhost</c> and a client's.</summary>
    public TestCertificates()
    {
        using var key = RSA.Create(2048);
        var request = Request("CN=test authority", key);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.KeyCertSign | X509KeyUsageFlags.CrlSign, true));
        _authority = request.CreateSelfSigned(Begin, End);
        Authority = Write("ca.pem", _authority.ExportCertificatePem());
        (ServerCertificate, ServerKey) = Issue("server", "localhost", ServerAuthentication);
        // Java reads a key store from one file.
        ServerStore = Write("server-store.pem", File.ReadAllText(ServerCertificate) + "\n" + File.ReadAllText(ServerKey));
        (ClientCertificate, ClientKey) = Issue("client", "client", ClientAuthentication);
    }

    public string Authority { get; }

    public string ServerCertificate { get; }

    public string ServerKey { get; }

    public string ServerStore { get; }

    public string ClientCertificate { get; }

    public string ClientKey { get; }

    public void Dispose()
    {
        _authority.Dispose();
        Directory.Delete(_directory, recursive: true);
    }

    private (string Certificate, string Key) Issue(string name, string host, string usage)
    {
        using var key = RSA.Create(2048);
        var request = Request($"CN={host}", key);
        request.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension([new Oid(usage)], false));
        var names = new SubjectAlternativeNameBuilder();
        names.AddDnsName(host);
        request.CertificateExtensions.Add(names.Build());
        using var issued = request.Create(_authority, Begin, End, [++_serial]);
        return (Write($"{name}.pem", issued.ExportCertificatePem()), Write($"{name}.key", key.ExportPkcs8PrivateKeyPem()));
    }

    private static CertificateRequest Request(string subject, RSA key) => new(subject, key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);

    private string Write(string name, string text)
    {
        var path = Path.Combine(_directory, name);
        File.WriteAllText(path, text);
        return path;
    }
}
