using System.Diagnostics.CodeAnalysis;
using System.Net;
using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Nodepool.Core.Providers;
using Nodepool.Providers.OpenStack.Access.Settings;

namespace Nodepool.Providers.OpenStack.Access.Transport;

/// <summary>Makes what connects: pooled, with the cloud's authorities and our certificate.</summary>
internal static class TlsTransport
{
    /// <summary>New connections are made now and then, so that a service that moved, and a certificate that was renewed, are noticed.</summary>
    private static readonly TimeSpan ConnectionLifetime = TimeSpan.FromMinutes(10);

    private static readonly TimeSpan ConnectTimeout = TimeSpan.FromSeconds(20);

    /// <exception cref="ProviderException">Rejected: a file of certificates or keys cannot be used.</exception>
    public static HttpMessageHandler Create(CloudSettings settings) => new SocketsHttpHandler
    {
        // The token must not follow wherever an answer points to.
        AllowAutoRedirect = false,
        AutomaticDecompression = DecompressionMethods.All,
        ConnectTimeout = ConnectTimeout,
        PooledConnectionLifetime = ConnectionLifetime,
        PooledConnectionIdleTimeout = TimeSpan.FromMinutes(1),
        UseCookies = false,
        SslOptions = Read(settings),
    };

    [SuppressMessage("Security", "CA5359", Justification = "Only when the operator says 'verify: false', which is warned of in the log.")]
    private static SslClientAuthenticationOptions Read(CloudSettings settings)
    {
        var tls = settings.Tls;
        var options = new SslClientAuthenticationOptions();
        if (!tls.Verifies)
        {
            options.RemoteCertificateValidationCallback = (_, _, _, _) => true;
        }
        else if (tls.Authorities is { } authorities)
        {
            var policy = new X509ChainPolicy { TrustMode = X509ChainTrustMode.CustomRootTrust, RevocationMode = X509RevocationMode.NoCheck };
            policy.CustomTrustStore.AddRange(Load(settings, "cacert", authorities, () => ReadAuthorities(authorities)));
            options.CertificateChainPolicy = policy;
        }

        if (tls.Certificate is { } certificate)
        {
            options.ClientCertificateContext = SslStreamCertificateContext.Create(
                Load(settings, tls.Key is null ? "cert" : "cert' and 'key", certificate, () => X509Certificate2.CreateFromPemFile(certificate, tls.Key ?? certificate)), null);
        }

        return options;
    }

    /// <summary>A bundle, or a directory of such.</summary>
    private static X509Certificate2Collection ReadAuthorities(string path)
    {
        var found = new X509Certificate2Collection();
        IEnumerable<string> files = Directory.Exists(path) ? Directory.EnumerateFiles(path).Order(StringComparer.Ordinal) : [path];
        foreach (var file in files)
        {
            found.ImportFromPemFile(file);
        }

        return found.Count > 0 ? found : throw new CryptographicException("no certificate is in it");
    }

    private static T Load<T>(CloudSettings settings, string key, string path, Func<T> read)
    {
        try
        {
            return read();
        }
        catch (Exception e) when (e is CryptographicException or IOException or UnauthorizedAccessException or ArgumentException)
        {
            throw SettingsError.Of($"{settings.Title}: '{key}' in {settings.Origin}: {path} cannot be used: {e.Message.TrimEnd('.')}; it must be a PEM file that this user may read", e);
        }
    }
}
