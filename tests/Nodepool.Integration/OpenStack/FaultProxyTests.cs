using System.Net;
using System.Text.Json;
using System.Text.Json.Nodes;
using Nodepool.Integration.Roles;
using Nodepool.Testing.OpenStackLab;

namespace Nodepool.Integration.OpenStack;

/// <summary>That the proxy of the fault tests does what it says: a test whose faults never come cannot fail.</summary>
public sealed class FaultProxyTests
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Call_ThatPasses_IsAnsweredByTheServiceAndRefersToTheProxy()
    {
        await using var proxy = await FaultProxy.StartAsync(await SharedLab.Instance, Ct);
        using var client = new HttpClient();

        var answer = JsonNode.Parse(await client.GetStringAsync(proxy.Address("compute").Replace("/v2.1", "/v2.1/", StringComparison.Ordinal), Ct))!;

        Assert.StartsWith(new Uri(proxy.Address("compute")).GetLeftPart(UriPartial.Authority), (string)answer["version"]!["links"]![0]!["href"]!, StringComparison.Ordinal);
        // The call is told of after its answer.
        await Until.TrueAsync(() => proxy.Calls.Count > 0);
        Assert.Equal([new CloudCallSeen("compute", "GET", "/v2.1/", CloudFault.None) { Status = HttpStatusCode.OK }], proxy.Calls);
    }

    [Theory]
    [InlineData(CloudFault.ServerError, HttpStatusCode.InternalServerError)]
    [InlineData(CloudFault.Unavailable, HttpStatusCode.ServiceUnavailable)]
    [InlineData(CloudFault.Throttled, HttpStatusCode.TooManyRequests)]
    public async Task Call_ThatIsRefused_GetsTheStatus(CloudFault fault, HttpStatusCode status)
    {
        await using var proxy = await FaultProxy.StartAsync(await SharedLab.Instance, Ct);
        proxy.Script(_ => fault);
        using var client = new HttpClient();

        using var response = await client.GetAsync(proxy.Address("image") + "/versions", Ct);

        Assert.Equal(status, response.StatusCode);
        Assert.Equal(fault == CloudFault.Throttled, response.Headers.RetryAfter is not null);
    }

    [Theory]
    [InlineData(CloudFault.Reset)]
    [InlineData(CloudFault.LostAnswer)]
    public async Task Call_WithoutAnAnswer_EndsTheConnection(CloudFault fault)
    {
        await using var proxy = await FaultProxy.StartAsync(await SharedLab.Instance, Ct);
        proxy.Script(_ => fault);
        using var client = new HttpClient();

        await Assert.ThrowsAsync<HttpRequestException>(() => client.GetAsync(proxy.Address("image") + "/versions", Ct));
    }

    [Fact]
    public async Task Call_CutShort_IsNoJsonAnyMore()
    {
        await using var proxy = await FaultProxy.StartAsync(await SharedLab.Instance, Ct);
        proxy.Script(_ => CloudFault.Truncated);
        using var client = new HttpClient();

        var text = await client.GetStringAsync(proxy.Address("image") + "/versions", Ct);

        Assert.NotEmpty(text);
        Assert.ThrowsAny<JsonException>(() => JsonNode.Parse(text));
    }
}
