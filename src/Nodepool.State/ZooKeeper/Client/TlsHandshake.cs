using System.Net.Security;
using System.Security.Authentication;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Nodepool.State.ZooKeeper.Client;

/// <summary>TLS as ZooKeeper's servers want it: both sides show certificates, and only the configured authorities count.</summary>
internal sealed class TlsHandshake(TlsFiles files)
{
    private const string ServerAuthentication = "1.3.6.1.5.5.7.3.1";

    /// <summary>Encrypts a connection.</summary>
    /// <exception cref="IOException">The files cannot be used, or the two sides do not trust each other; the message says which and why.</exception>
    public async Task<Stream> EncryptAsync(Stream plain, string host, CancellationToken ct)
    {
        var authorities = ReadAuthorities();
        var (own, intermediates) = ReadOwn();
        string? complaint = null;
        var encrypted = new SslStream(plain, leaveInnerStreamOpen: false);
        try
        {
            await encrypted.AuthenticateAsClientAsync(
                new SslClientAuthenticationOptions
                {
                    TargetHost = host,
                    EnabledSslProtocols = SslProtocols.Tls12 | SslProtocols.Tls13,
                    ClientCertificateContext = SslStreamCertificateContext.Create(own, intermediates, offline: true),
                    CertificateChainPolicy = PolicyOf(authorities),
                    RemoteCertificateValidationCallback = (_, _, chain, errors) => (complaint = Complaint(host, chain, errors)) is null,
                },
                ct);
            return encrypted;
        }
        catch (Exception e) when (e is AuthenticationException or IOException)
        {
            await encrypted.DisposeAsync();
            throw new IOException(complaint ?? $"no TLS with the server: {e.Message}", e);
        }
        catch
        {
            await encrypted.DisposeAsync();
            throw;
        }
    }

    /// <summary>Why a server's certificate is not accepted, or null.</summary>
    private string? Complaint(string host, X509Chain? chain, SslPolicyErrors errors)
    {
        if (errors.HasFlag(SslPolicyErrors.RemoteCertificateNotAvailable))
        {
            return "the server shows no certificate";
        }

        if (errors.HasFlag(SslPolicyErrors.RemoteCertificateChainErrors))
        {
            var why = string.Join("; ", (chain?.ChainStatus ?? []).Select(status => status.StatusInformation.Trim()).Distinct());
            return $"the server's certificate is not from an authority in {files.Authorities} or not valid: {why}";
        }

        return files.ChecksHostName && errors.HasFlag(SslPolicyErrors.RemoteCertificateNameMismatch)
            ? $"the server's certificate is not made out to {host}"
            : null;
    }

    private static X509ChainPolicy PolicyOf(X509Certificate2Collection authorities)
    {
        var policy = new X509ChainPolicy
        {
            TrustMode = X509ChainTrustMode.CustomRootTrust,
            RevocationMode = X509RevocationMode.NoCheck,
            DisableCertificateDownloads = true,
        };
        policy.CustomTrustStore.AddRange(authorities);
        policy.ApplicationPolicy.Add(new Oid(ServerAuthentication));
        return policy;
    }

    private X509Certificate2Collection ReadAuthorities()
    {
        var authorities = new X509Certificate2Collection();
        Read(files.Authorities, "certificates of authorities", () => authorities.ImportFromPemFile(files.Authorities));
        return authorities.Count > 0 ? authorities : throw new IOException($"{files.Authorities} holds no certificate");
    }

    private (X509Certificate2 Own, X509Certificate2Collection Intermediates) ReadOwn()
    {
        X509Certificate2? own = null;
        var all = new X509Certificate2Collection();
        Read($"{files.Certificate} and {files.Key}", "a certificate and its key", () =>
        {
            own = X509Certificate2.CreateFromPemFile(files.Certificate, files.Key);
            all.ImportFromPemFile(files.Certificate);
        });
        return (own!, [.. all.Where(one => !one.RawDataMemory.Span.SequenceEqual(own!.RawDataMemory.Span))]);
    }

    private static void Read(string file, string what, Action read)
    {
        try
        {
            read();
        }
        catch (Exception e) when (e is CryptographicException or IOException or UnauthorizedAccessException)
        {
            // What the library says of a key file may not quote it; it is kept out of the message all the same.
            throw new IOException($"{file} cannot be read as {what} (PEM, no pass phrase){(e is CryptographicException ? "" : ": " + e.Message)}");
        }
    }
}
