using System.Diagnostics.Metrics;
using Microsoft.Extensions.Logging.Abstractions;
using Nodepool.Core.Config;
using Nodepool.Core.Providers;
using Nodepool.Providers.OpenStack;
using Nodepool.Providers.OpenStack.Access;
using Nodepool.Testing;
using Nodepool.Testing.ZooKeeper;

namespace Nodepool.Integration.OpenStack;

/// <summary>Certificates of clouds, and ours; real TLS on loopback.</summary>
public sealed class TlsAccessTests : IAsyncDisposable
{
    private readonly TestCertificates _certificates = new();
    private readonly Meter _meter = new("test");
    private readonly TlsServer _server;

    public TlsAccessTests() => _server = new TlsServer(_certificates);

    public async ValueTask DisposeAsync()
    {
        await _server.DisposeAsync();
        _meter.Dispose();
        _certificates.Dispose();
    }

    [Fact]
    public async Task Authority_OfTheCloud_IsTrusted()
    {
        await using var api = Open(("OS_CACERT", _certificates.Authority));

        Assert.Equal("P", (await api.GetAccessAsync(TestContext.Current.CancellationToken)).ProjectId);
        Assert.Null(_server.Client);
        Assert.StartsWith("POST /v3/auth/tokens HTTP/1.1\r\n", _server.Request, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Authorities_InADirectory_AreTrusted()
    {
        var directory = Directory.CreateTempSubdirectory("nodepool-ca-");
        File.Copy(_certificates.Authority, Path.Combine(directory.FullName, "a.pem"));
        await using var api = Open(("OS_CACERT", directory.FullName));

        Assert.Equal("P", (await api.GetAccessAsync(TestContext.Current.CancellationToken)).ProjectId);
        directory.Delete(recursive: true);
    }

    [Fact]
    public async Task Certificate_OfUs_IsShown()
    {
        await using var api = Open(("OS_CACERT", _certificates.Authority), ("OS_CERT", _certificates.ClientCertificate), ("OS_KEY", _certificates.ClientKey));

        await api.GetAccessAsync(TestContext.Current.CancellationToken);

        Assert.Equal("CN=client", _server.Client);
    }

    [Fact]
    public async Task UnknownAuthority_IsNotTrusted_AndTheRemedyIsTold()
    {
        await using var api = Open();

        var e = await Assert.ThrowsAsync<ProviderException>(async () => await api.GetAccessAsync(TestContext.Current.CancellationToken));

        Assert.Equal(ProviderFault.Unavailable, e.Fault);
        Assert.Contains("cloud 'envvars': identity: https://localhost:", e.Message, StringComparison.Ordinal);
        Assert.Contains("give the authority that signed the cloud's certificates as 'cacert'", e.Message, StringComparison.Ordinal);
        Assert.Equal("", _server.Request);
    }

    [Fact]
    public async Task VerifyFalse_TakesAnyCertificate()
    {
        await using var api = Open(("OS_INSECURE", "true"));

        Assert.Equal("P", (await api.GetAccessAsync(TestContext.Current.CancellationToken)).ProjectId);
    }

    [Theory]
    [InlineData("OS_CACERT", "'cacert'")]
    [InlineData("OS_CERT", "'cert'")]
    public async Task File_ThatIsNoCertificate_IsNamed(string variable, string key)
    {
        await using var api = Open((variable, _certificates.ClientKey));

        var e = await Assert.ThrowsAsync<ProviderException>(async () => await api.GetAccessAsync(TestContext.Current.CancellationToken));

        Assert.Equal(ProviderFault.Rejected, e.Fault);
        Assert.Contains($"{key} in ", e.Message, StringComparison.Ordinal);
        Assert.Contains(_certificates.ClientKey, e.Message, StringComparison.Ordinal);
    }

    private ICloudApi Open(params (string Name, string Value)[] more)
    {
        var environment = new Dictionary<string, string> { ["OS_AUTH_URL"] = _server.Url, ["OS_USERNAME"] = "u", ["OS_PASSWORD"] = "x", ["OS_PROJECT_ID"] = "P" };
        foreach (var (name, value) in more)
        {
            environment[name] = value;
        }

        return new OpenStackClouds(environment, _meter, "1").Open(
            new ProviderConfig { Name = "p", Driver = "openstack", Options = new OpenStackOptions { Cloud = "envvars" } },
            new DriverContext(SeededSources.Create(TimeProvider.System), NullLoggerFactory.Instance, "/nowhere"));
    }
}
