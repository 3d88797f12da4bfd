using System.Diagnostics.Metrics;
using System.Net;
using System.Text.Json.Serialization.Metadata;
using Nodepool.Core.Providers;
using Nodepool.Providers.OpenStack.Access;
using Nodepool.Providers.OpenStack.Access.Identity;

namespace Nodepool.Tests.Providers.OpenStack.Access;

public sealed class CloudApiTests : IDisposable
{
    private static readonly CloudCall List = CloudCall.Get(CloudService.Compute, "servers/detail?limit=5");
    private readonly ScriptedCloud _cloud = new();

    public void Dispose() => _cloud.Dispose();

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Send_FindsServicesByCatalogue()
    {
        await using var api = _cloud.Open();

        foreach (var service in Enum.GetValues<CloudService>())
        {
            await api.SendAsync(CloudCall.Get(service, "x"), Ct);
        }

        Assert.Equal(["GET /compute/v2.1/x", "GET /image/v2/x", "GET /network/v2.0/x", "GET /volume/v3/P/x"], _cloud.Calls.Select(call => call.Call));
        Assert.All(_cloud.Calls, call => Assert.Equal("t1", call.Token));
        Assert.Equal("nodepool/1.2.3", _cloud.Calls[0].Headers["User-Agent"]);
        Assert.Single(_cloud.Authentications);
    }

    [Theory]
    [InlineData("http://cloud/compute/v2/P", "/compute/v2.1/x")]
    [InlineData("http://cloud/compute", "/compute/v2.1/x")]
    [InlineData("http://cloud/compute/v2.1/P", "/compute/v2.1/P/x")]
    public async Task Send_TakesTheFormsOfAddressesThatCataloguesHave(string catalogue, string expected)
    {
        _cloud.ComputeUrl = catalogue;
        await using var api = _cloud.Open();

        await api.SendAsync(CloudCall.Get(CloudService.Compute, "x"), Ct);

        Assert.Equal("GET " + expected, Assert.Single(_cloud.Calls).Call);
    }

    [Theory]
    [InlineData("2.79", "2.60")]
    [InlineData("2.9", "2.9")]
    [InlineData(null, null)]
    public async Task Send_Microversion_IsTheNewestThatBothKnow(string? wanted, string? expected)
    {
        await using var api = _cloud.Open();

        var answer = await api.SendAsync(List with { Microversion = wanted }, Ct);

        Assert.Equal(expected, answer.Microversion);
        Assert.Equal(expected is null ? null : $"compute {expected}", _cloud.Calls[0].Headers.GetValueOrDefault("OpenStack-API-Version"));
        Assert.Equal(expected, _cloud.Calls[0].Headers.GetValueOrDefault("X-OpenStack-Nova-API-Version"));
    }

    [Fact]
    public async Task Send_MicroversionLimit_OfCloudsYamlCounts()
    {
        _cloud.Environment["OS_COMPUTE_API_VERSION"] = "2.26";
        _cloud.Environment["OS_VOLUME_DEFAULT_MICROVERSION"] = "3.27";
        await using var api = _cloud.Open();

        Assert.Equal("2.26", (await api.SendAsync(List with { Microversion = "2.79" }, Ct)).Microversion);
        await api.SendAsync(CloudCall.Get(CloudService.BlockStorage, "volumes") with { Microversion = "3.70" }, Ct);
        Assert.Equal("volume 3.27", _cloud.Calls[1].Headers["OpenStack-API-Version"]);
    }

    [Fact]
    public async Task Send_ServiceWithoutVersionDocument_IsUsedWithoutMicroversion()
    {
        _cloud.VersionStatus = HttpStatusCode.NotFound;
        await using var api = _cloud.Open();

        Assert.Null((await api.SendAsync(List with { Microversion = "2.79" }, Ct)).Microversion);
        Assert.Single(_cloud.Calls);
    }

    [Fact]
    public async Task Send_AfterTheTokenIsRefused_RenewsItOnce()
    {
        _cloud.Answer(HttpStatusCode.Unauthorized);
        _cloud.Answer(HttpStatusCode.Accepted, """{"server": 1}""");
        await using var api = _cloud.Open();

        var answer = await api.SendAsync(new CloudCall(CloudService.Compute, HttpMethod.Post, "servers") { Json = "{}"u8.ToArray() }, Ct);

        Assert.Equal(HttpStatusCode.Accepted, answer.Status);
        Assert.Equal(["t1", "t2"], _cloud.Calls.Select(call => call.Token));
    }

    [Fact]
    public async Task Send_TokenThatIsNeverTaken_IsRejected()
    {
        _cloud.Answer(HttpStatusCode.Unauthorized);
        _cloud.Answer(HttpStatusCode.Unauthorized);
        await using var api = _cloud.Open();

        var e = await Assert.ThrowsAsync<ProviderException>(async () => await api.SendAsync(List, Ct));

        Assert.Equal((ProviderFault.Rejected, 2), (e.Fault, _cloud.Authentications.Count));
    }

    [Fact]
    public async Task Send_BeforeTheTokenEnds_RenewsItOnceForAll()
    {
        await using var api = _cloud.Open();
        await api.SendAsync(List, Ct);
        _cloud.Time.Advance(TimeSpan.FromMinutes(54));
        await api.SendAsync(List, Ct);
        _cloud.Time.Advance(TimeSpan.FromMinutes(2));

        await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => api.SendAsync(List, Ct).AsTask()));

        Assert.Equal(2, _cloud.Authentications.Count);
        Assert.Equal(["t1", "t1"], _cloud.Calls.Take(2).Select(call => call.Token));
        Assert.All(_cloud.Calls.Skip(2), call => Assert.Equal("t2", call.Token));
    }

    [Fact]
    public async Task Send_WhenKeystoneFailsBeforeTheTokenEnds_UsesItOn()
    {
        await using var api = _cloud.Open();
        await api.SendAsync(List, Ct);
        _cloud.Time.Advance(TimeSpan.FromMinutes(56));
        _cloud.KeystoneAnswers = () => ScriptedCloud.Make(HttpStatusCode.NotImplemented, "");

        await api.SendAsync(List, Ct);
        await api.SendAsync(List, Ct);

        Assert.Equal(["t1", "t1", "t1"], _cloud.Calls.Select(call => call.Token));
        Assert.Equal(2, _cloud.Authentications.Count);
    }

    [Fact]
    public async Task Send_RefusedCredentials_AreNotTriedAgainAtOnce()
    {
        _cloud.KeystoneAnswers = () => ScriptedCloud.Make(HttpStatusCode.Unauthorized, """{"error": {"message": "The request you have made requires authentication."}}""");
        await using var api = _cloud.Open();

        var e = await Assert.ThrowsAsync<ProviderException>(async () => await api.SendAsync(List, Ct));
        await Assert.ThrowsAsync<ProviderException>(async () => await api.SendAsync(List, Ct));

        Assert.Equal(ProviderFault.Rejected, e.Fault);
        Assert.Contains("cloud 'envvars' region 'one': identity: POST http://cloud/identity/v3/auth/tokens: 401 Unauthorized: The request you have made requires authentication.", e.Message, StringComparison.Ordinal);
        Assert.EndsWith("; check the credentials, domains and project in the environment (OS_*)", e.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("s3cret", e.ToString(), StringComparison.Ordinal);
        Assert.Single(_cloud.Authentications);

        _cloud.Time.Advance(TimeSpan.FromMinutes(2));
        _cloud.KeystoneAnswers = null;
        await api.SendAsync(List, Ct);
        Assert.Equal(2, _cloud.Authentications.Count);
    }

    [Fact]
    public async Task Send_OtherCredentialsInTheFiles_AreTriedAtOnce()
    {
        _cloud.KeystoneAnswers = () => ScriptedCloud.Make(HttpStatusCode.Unauthorized, "");
        await using var api = _cloud.Open();
        await Assert.ThrowsAsync<ProviderException>(async () => await api.SendAsync(List, Ct));

        _cloud.Environment["OS_PASSWORD"] = "right";
        _cloud.KeystoneAnswers = null;
        await api.SendAsync(List, Ct);

        Assert.Contains("\"right\"", _cloud.Authentications[1], StringComparison.Ordinal);
    }

    [Fact]
    public async Task Send_WithoutVerification_WarnsOnce()
    {
        _cloud.Environment["OS_INSECURE"] = "true";
        await using var api = _cloud.Open();

        await api.SendAsync(List, Ct);
        _cloud.Time.Advance(TimeSpan.FromHours(1));
        await api.SendAsync(List, Ct);

        Assert.Equal(2, _cloud.Authentications.Count);
        Assert.StartsWith(
            "Warning: cloud 'envvars' region 'one': 'verify: false': whoever can get between here and the cloud can read the password",
            Assert.Single(_cloud.Log.All, line => !line.StartsWith("Debug", StringComparison.Ordinal)),
            StringComparison.Ordinal);
        Assert.DoesNotContain(_cloud.Log.All, line => line.Contains("s3cret", StringComparison.Ordinal) || line.Contains("t1", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Send_AfterTheServiceCouldNotTellItsVersion_AsksAgain()
    {
        _cloud.VersionStatus = HttpStatusCode.BadGateway;
        await using var api = _cloud.Open();
        var failing = api.SendAsync(List, Ct).AsTask();
        foreach (var seconds in (double[])[0.5, 1, 2])
        {
            await Task.WhenAny(failing, _cloud.Time.TimerArmedAsync(TimeSpan.FromSeconds(seconds)));
            _cloud.Time.Advance(TimeSpan.FromSeconds(seconds));
        }

        var e = await Assert.ThrowsAsync<ProviderException>(() => failing);
        Assert.Equal(ProviderFault.Unavailable, e.Fault);
        Assert.StartsWith("cloud 'envvars' region 'one': compute: GET http://cloud/compute/v2.1/: 502", e.Message, StringComparison.Ordinal);
        Assert.Empty(_cloud.Calls);

        _cloud.VersionStatus = HttpStatusCode.OK;
        Assert.True((await api.SendAsync(List, Ct)).IsSuccess);
    }

    [Fact]
    public async Task Authentication_WithoutVersionInTheAddress_AsksForIt()
    {
        _cloud.Environment["OS_AUTH_URL"] = "http://cloud/identity/";
        await using var api = _cloud.Open();

        Assert.Equal(("P", "U", "one"), await api.GetAccessAsync(Ct) is var access ? (access.ProjectId, access.UserId, access.Region) : default);
        Assert.Single(_cloud.Authentications);
    }

    [Fact]
    public async Task Has_ServiceThatTheRegionLacks_IsFalse()
    {
        _cloud.Environment["OS_HAS_NETWORK"] = "false";
        _cloud.Environment["OS_REGION_NAME"] = "two";
        await using var api = _cloud.Open();

        Assert.False(await api.HasAsync(CloudService.Network, Ct));
        Assert.False(await api.HasAsync(CloudService.Compute, Ct));
        var e = await Assert.ThrowsAsync<ProviderException>(async () => await api.SendAsync(List, Ct));
        Assert.Contains("the catalogue has it only as public in region 'one', internal in region 'one', not as public; correct region", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Send_SeveralRegionsAndNoneNamed_IsRejected()
    {
        _cloud.Regions = "one,two";
        _cloud.Environment.Remove("OS_REGION_NAME");
        await using var api = _cloud.Open();

        var e = await Assert.ThrowsAsync<ProviderException>(async () => await api.SendAsync(List, Ct));

        Assert.Contains("the cloud has regions 'one', 'two'; name one", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Send_InterfaceAndOverride_Count()
    {
        _cloud.Environment["OS_INTERFACE"] = "internal";
        _cloud.Environment["OS_NETWORK_INTERFACE"] = "admin,public";
        _cloud.Environment["OS_VOLUME_ENDPOINT_OVERRIDE"] = "http://cloud/volume/v3/%(project_id)s";
        var hosts = new List<string>();
        _cloud.Answer(Note);
        _cloud.Answer(Note);
        _cloud.Answer(Note);
        await using var api = _cloud.Open();

        foreach (var service in (CloudService[])[CloudService.Image, CloudService.Network, CloudService.BlockStorage])
        {
            await api.SendAsync(CloudCall.Get(service, "x"), Ct);
        }

        Assert.Equal(["http://inside/image/v2/x", "http://cloud/network/v2.0/x", "http://cloud/volume/v3/P/x"], hosts);

        HttpResponseMessage Note(HttpRequestMessage request)
        {
            hosts.Add(request.RequestUri!.ToString());
            return ScriptedCloud.Make(HttpStatusCode.OK, "{}");
        }
    }

    [Fact]
    public async Task Send_ByTwoRolesOfOneProcess_KeepsOnePace()
    {
        var clouds = _cloud.Clouds();
        await using var launcher = _cloud.Open(clouds, TimeSpan.FromSeconds(3));
        await using var builder = _cloud.Open(clouds, TimeSpan.FromSeconds(3));
        Assert.True(await builder.HasAsync(CloudService.Compute, Ct));
        await launcher.SendAsync(List, Ct);

        var second = builder.SendAsync(List, Ct).AsTask();
        _cloud.Time.Advance(TimeSpan.FromSeconds(2.9));
        Assert.False(second.IsCompleted);
        _cloud.Time.Advance(TimeSpan.FromSeconds(0.1));

        await second;
        Assert.Equal(2, _cloud.Calls.Count);
    }

    [Fact]
    public async Task Send_CallsAreMeasured()
    {
        var seen = new List<string>();
        using var listener = new MeterListener { InstrumentPublished = (instrument, self) => self.EnableMeasurementEvents(instrument) };
        listener.SetMeasurementEventCallback<double>((instrument, _, tags, _) =>
        {
            if (ReferenceEquals(instrument.Meter, _cloud.Meter))
            {
                seen.Add($"{instrument.Name} {string.Join(' ', tags.ToArray().Select(tag => tag.Value))}");
            }
        });
        listener.Start();
        await using var api = _cloud.Open();

        await api.SendAsync(List, Ct);

        Assert.Equal("nodepool.openstack.call.seconds p compute GET servers.detail 200", Assert.Single(seen));
    }

    [Fact]
    public async Task Read_OfAnotherFormThanDocumented_IsUnavailable()
    {
        _cloud.Answer(HttpStatusCode.OK, """{"token": []}""");
        await using var api = _cloud.Open();

        var answer = await api.SendAsync(List, Ct);

        var e = Assert.Throws<ProviderException>(() => answer.Read((JsonTypeInfo<TokenAnswer>)IdentityJson.Default.GetTypeInfo(typeof(TokenAnswer))!));
        Assert.Equal(ProviderFault.Unavailable, e.Fault);
        Assert.Contains("cloud 'envvars' region 'one': compute: GET servers/detail?limit=5: the answer cannot be understood (at $.token)", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Following_TakesOnlyTheQueryOfALink() =>
        Assert.Equal("servers/detail?marker=x", List.Following("http://elsewhere/v2/servers/detail?marker=x").Path);
}
