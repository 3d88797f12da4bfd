using System.Net;
using System.Text;
using Nodepool.Core.Providers;
using Nodepool.Providers.OpenStack.Access;

namespace Nodepool.Tests.Providers.OpenStack.Access;

/// <summary>What happens when a service does not do what it is asked.</summary>
public sealed class CloudApiFaultTests : IDisposable
{
    private static readonly CloudCall List = CloudCall.Get(CloudService.Compute, "servers");
    private static readonly CloudCall Create = new(CloudService.Compute, HttpMethod.Post, "servers") { Json = "{}"u8.ToArray() };
    private readonly ScriptedCloud _cloud = new();

    public void Dispose() => _cloud.Dispose();

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(404, """{"itemNotFound": {"code": 404, "message": "Instance xx could not be found."}}""", "application/json", ProviderFault.NotFound, "404: Instance xx could not be found; ")]
    [InlineData(404, "<html>\n <head>\n  <title>404 Not Found</title>\n </head><body><h1>404 Not Found</h1>No image found with ID xx<br /><br /></body></html>", "text/html", ProviderFault.NotFound, "404: 404 Not Found No image found with ID xx; ")]
    [InlineData(403, """{"forbidden": {"message": "Quota exceeded for cores: Requested 1, but already used 20 of 20 cores", "code": 403}}""", "application/json", ProviderFault.QuotaExceeded, "403: Quota exceeded for cores: Requested 1, but already used 20 of 20 cores; ")]
    [InlineData(403, """{"forbidden": {"message": "Maximum number of ports exceeded", "code": 403}}""", "application/json", ProviderFault.QuotaExceeded, "Maximum number of ports exceeded")]
    [InlineData(403, """{"forbidden": {"message": "Policy doesn't allow it to be performed."}}""", "application/json", ProviderFault.Rejected, "'member'")]
    [InlineData(409, """{"NeutronError": {"type": "OverQuota", "message": "Quota exceeded for resources: ['port'].", "detail": ""}}""", "application/json", ProviderFault.QuotaExceeded, "Quota exceeded for resources: ['port'];")]
    [InlineData(409, """{"conflictingRequest": {"message": "Cannot 'delete' while in task_state deleting"}}""", "application/json", ProviderFault.Rejected, "state that forbids it")]
    [InlineData(413, """{"overLimit": {"message": "x"}}""", "application/json", ProviderFault.QuotaExceeded, "quota")]
    [InlineData(400, """{"badRequest": {"message": "Invalid image"}}""", "application/json", ProviderFault.Rejected, "400: Invalid image; ")]
    [InlineData(400, """{"badRequest": {"message": "Invalid input for field/attribute server. Value: {'name': 'x', 'user_data': 's. ecret'}. 'flavorRef' is a required property"}}""", "application/json", ProviderFault.Rejected, "400: Invalid input for field/attribute server. 'flavorRef' is a required property (")]
    [InlineData(400, """{"badRequest": {"message": "Invalid input for field/attribute user_data. Value: #ecret. '#ecret' is not a 'base64'"}}""", "application/json", ProviderFault.Rejected, "400: Invalid input for field/attribute user_data (req-1)")]
    [InlineData(404, """{"message": "No image found with ID xx<br /><br />\n\n", "code": "404 Not Found"}""", "application/json", ProviderFault.NotFound, "404: No image found with ID xx (")]
    [InlineData(400, """{"NeutronError": "old form"}""", "application/json", ProviderFault.Rejected, "400: old form; ")]
    [InlineData(302, "", "text/html", ProviderFault.Rejected, "endpoint_override")]
    public async Task Send_Answer_BecomesItsFault(int status, string body, string type, ProviderFault fault, string text)
    {
        _cloud.Answer((HttpStatusCode)status, body, type, ("X-Openstack-Request-Id", "req-1"));
        await using var api = _cloud.Open();

        var e = await Assert.ThrowsAsync<ProviderException>(async () => await api.SendAsync(List, Ct));

        Assert.Equal(fault, e.Fault);
        Assert.StartsWith("cloud 'envvars' region 'one': compute: GET servers: ", e.Message, StringComparison.Ordinal);
        Assert.Contains(text.TrimEnd(' ', ';'), e.Message, StringComparison.Ordinal);
        Assert.Contains("(req-1); ", e.Message, StringComparison.Ordinal);
        Assert.Single(_cloud.Calls);
    }

    [Fact]
    public async Task Send_StatusThatTheCallerExpects_IsAnAnswer()
    {
        _cloud.Answer(HttpStatusCode.NotFound, """{"itemNotFound": {"message": "gone"}}""");
        await using var api = _cloud.Open();

        var answer = await api.SendAsync(List with { Expected = [HttpStatusCode.NotFound] }, Ct);

        Assert.Equal((HttpStatusCode.NotFound, false, "gone"), (answer.Status, answer.IsSuccess, answer.Message));
    }

    [Fact]
    public async Task Send_ConflictThatPasses_IsWhatTheCallerSays()
    {
        _cloud.Answer(HttpStatusCode.Conflict);
        await using var api = _cloud.Open();

        var e = await Assert.ThrowsAsync<ProviderException>(async () => await api.SendAsync(Create with { OnConflict = ProviderFault.Unavailable }, Ct));

        Assert.Equal(ProviderFault.Unavailable, e.Fault);
    }

    [Theory]
    [InlineData("500")]
    [InlineData("reset")]
    [InlineData("truncated")]
    public async Task Send_FailureThatMayPass_IsRepeatedWithGrowingPauses(string kind)
    {
        for (var i = 0; i < 3; i++)
        {
            Fail(kind);
        }

        await using var api = _cloud.Open();
        var call = api.SendAsync(List, Ct).AsTask();
        await PassAsync(call, 0.5);
        await PassAsync(call, 1);
        await PassAsync(call, 2);

        Assert.True((await call).IsSuccess);
        Assert.Equal(4, _cloud.Calls.Count);
    }

    [Theory]
    [InlineData("500")]
    [InlineData("429")]
    [InlineData("reset")]
    [InlineData("truncated")]
    public async Task Send_CallThatMustNotBeMadeTwice_IsNot(string kind)
    {
        Fail(kind);
        await using var api = _cloud.Open();

        var e = await Assert.ThrowsAsync<ProviderException>(async () => await api.SendAsync(Create, Ct));

        Assert.Equal(kind == "429" ? ProviderFault.Throttled : ProviderFault.Unavailable, e.Fault);
        Assert.Single(_cloud.Calls);
    }

    [Fact]
    public async Task Send_WithoutAnswerInTime_IsUnavailable()
    {
        _cloud.Environment["OS_API_TIMEOUT"] = "7";
        _cloud.Answer(_ => throw new OperationCanceledException());
        await using var api = _cloud.Open();

        var e = await Assert.ThrowsAsync<ProviderException>(async () => await api.SendAsync(Create, Ct));

        Assert.Equal(ProviderFault.Unavailable, e.Fault);
        Assert.Contains("no answer within 7 seconds; ", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Send_PauseThatTheServiceAsksFor_IsKeptByAllCalls()
    {
        _cloud.Answer(HttpStatusCode.TooManyRequests, "{}", "application/json", ("Retry-After", "7"));
        await using var api = _cloud.Open();
        await Assert.ThrowsAsync<ProviderException>(async () => await api.SendAsync(Create, Ct));

        var next = api.SendAsync(List, Ct).AsTask();
        await _cloud.Time.TimerArmedAsync(TimeSpan.FromSeconds(7));
        Assert.Single(_cloud.Calls);
        await api.SendAsync(CloudCall.Get(CloudService.Image, "images"), Ct);
        Assert.Equal(2, _cloud.Calls.Count);
        _cloud.Time.Advance(TimeSpan.FromSeconds(7));

        Assert.True((await next).IsSuccess);
    }

    [Fact]
    public async Task Send_DuringALongPause_IsThrottledWithoutACall()
    {
        _cloud.Answer(HttpStatusCode.ServiceUnavailable, "{}", "application/json", ("Retry-After", "3600"));
        await using var api = _cloud.Open();
        Assert.Equal(ProviderFault.Unavailable, (await Assert.ThrowsAsync<ProviderException>(async () => await api.SendAsync(List, Ct))).Fault);

        var e = await Assert.ThrowsAsync<ProviderException>(async () => await api.SendAsync(List, Ct));

        Assert.Equal(ProviderFault.Throttled, e.Fault);
        Assert.Contains("not sent, the service wants no calls for 3600 seconds more", e.Message, StringComparison.Ordinal);
        Assert.Single(_cloud.Calls);
    }

    [Fact]
    public async Task Send_CancelledByTheCaller_IsCancelled()
    {
        using var end = new CancellationTokenSource();
        _cloud.Answer(_ =>
        {
            end.Cancel();
            throw new OperationCanceledException(end.Token);
        });
        await using var api = _cloud.Open();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () => await api.SendAsync(List, end.Token));
    }

    [Fact]
    public async Task Send_StreamedBody_IsOpenedAnewForEachAttempt()
    {
        _cloud.Answer(HttpStatusCode.InternalServerError);
        await using var api = _cloud.Open();
        var opened = 0;
        var call = api.SendAsync(
            new CloudCall(CloudService.Image, HttpMethod.Put, "images/i/file")
            {
                Content = new CloudContent(4, () =>
                {
                    opened++;
                    return new MemoryStream(Encoding.ASCII.GetBytes("data"));
                }),
            },
            Ct).AsTask();
        await PassAsync(call, 0.5);
        await call;

        Assert.Equal((2, "data", "data"), (opened, _cloud.Calls[0].Body, _cloud.Calls[1].Body));
    }

    private void Fail(string kind)
    {
        switch (kind)
        {
            case "reset":
                _cloud.Answer(_ => throw new HttpRequestException(HttpRequestError.ResponseEnded, "the connection was reset"));
                break;
            case "truncated":
                _cloud.Answer(HttpStatusCode.OK, """{"servers": [{"id": """);
                break;
            default:
                _cloud.Answer((HttpStatusCode)int.Parse(kind, System.Globalization.CultureInfo.InvariantCulture), "{}");
                break;
        }
    }

    /// <summary>Lets the time pass that the call waits for, if it is not over.</summary>
    private async Task PassAsync(Task call, double seconds)
    {
        await Task.WhenAny(call, _cloud.Time.TimerArmedAsync(TimeSpan.FromSeconds(seconds)));
        _cloud.Time.Advance(TimeSpan.FromSeconds(seconds));
    }
}
