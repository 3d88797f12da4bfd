using System.Text;
using Microsoft.AspNetCore.Http;
using Nodepool.Core.Model;
using Nodepool.Core.Model.Json;
using Nodepool.Core.View;
using Nodepool.Tests.Cli;
using Nodepool.Web;

namespace Nodepool.Tests.Web;

public sealed class WebListsTests
{
    private readonly TestStore _store = new();
    private readonly ClusterFeed _feed;
    private readonly WebLists _web;

    public WebListsTests()
    {
        _feed = new ClusterFeed(_store.Engine, _store.Time);
        _web = new WebLists(_feed, _store.Sources);
        _store.Put("0000000001", new NodeRecord { State = NodeState.Ready, StateTime = 990, Type = ["a"], ExternalId = RawJson.FromText("x") });
        _store.Put("0000000002", new NodeRecord { State = NodeState.Building, StateTime = 995, Type = ["a"] });
    }

    [Fact]
    public async Task Ready_BeforeTheFirstView_IsUnavailable()
    {
        Assert.Equal((503, "not ready: the records have not been read yet"), await GetAsync("/ready"));
        Assert.Equal(503, (await GetAsync("/node-list")).Status);

        await FollowAsync();

        Assert.Equal((200, "OK"), await GetAsync("/ready"));
    }

    [Fact]
    public async Task NodeList_WithoutAccept_IsTheTextTableWithAllColumns()
    {
        await FollowAsync();

        var context = await CallAsync("/node-list");

        Assert.Equal("text/plain; charset=UTF-8", context.Response.ContentType);
        Assert.Equal("public, max-age=1", context.Response.Headers.CacheControl);
        Assert.Equal("*", context.Response.Headers.AccessControlAllowOrigin);
        Assert.Contains("Driver Data", Body(context), StringComparison.Ordinal);
    }

    [Fact]
    public async Task OtherLists_AsText_HaveTheColumnsOfPython()
    {
        await FollowAsync();

        Assert.EndsWith("| State | Age |", Body(await CallAsync("/dib-image-list")).Split('\n')[1], StringComparison.Ordinal);
    }

    [Fact]
    public async Task NodeList_WithFields_ShowsThoseInTheText()
    {
        await FollowAsync();

        Assert.Equal(
            """
            +------------+----------+
            | ID         | State    |
            +------------+----------+
            | 0000000001 | ready    |
            | 0000000002 | building |
            +------------+----------+

            """,
            (await GetAsync("/node-list?fields=state,id,nonsense")).Body);
    }

    [Fact]
    public async Task NodeList_AsJson_IsTheWholeRecordWhateverTheFields()
    {
        await FollowAsync();

        var (status, body) = await GetAsync("/node-list?node_id=0000000002&fields=id", "application/json");

        Assert.Equal(200, status);
        Assert.StartsWith("""[{"id":"0000000002","provider":null,"label":["a"],"server_id":null,""", body, StringComparison.Ordinal);
        Assert.Contains("\"age\":995,", body, StringComparison.Ordinal);
        Assert.Equal((200, "[]"), await GetAsync("/node-list?node_id=7", "application/json"));
    }

    [Fact]
    public async Task List_InNoAcceptedForm_IsNotAcceptable()
    {
        await FollowAsync();

        Assert.Equal((406, "this list exists as application/json and as text/plain"), await GetAsync("/node-list", "image/png"));
    }

    [Fact]
    public async Task List_UnchangedSinceLastTime_IsNotSentAgain()
    {
        await FollowAsync();
        var tag = (await CallAsync("/request-list", "application/json")).Response.Headers.ETag.ToString();

        var again = await CallAsync("/request-list", "application/json", tag);
        Assert.Equal(304, again.Response.StatusCode);
        Assert.Equal("", Body(again));

        _store.Put("200-0000000001", new NodeRequestRecord { State = RequestState.Requested, StateTime = 1, NodeTypes = ["a"] });
        await _feed.AtLeastAsync(_store.Tree.Position, TestContext.Current.CancellationToken);
        Assert.Equal(200, (await CallAsync("/request-list", "application/json", tag)).Response.StatusCode);
    }

    [Fact]
    public async Task List_AsText_GetsOldWithTheTime()
    {
        await FollowAsync();
        var tag = (await CallAsync("/node-list")).Response.Headers.ETag.ToString();

        Assert.Equal(304, (await CallAsync("/node-list", "", tag)).Response.StatusCode);
        _store.Time.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(200, (await CallAsync("/node-list", "", tag)).Response.StatusCode);
    }

    [Theory]
    [InlineData("/image-list", "Upload ID")]
    [InlineData("/dib-image-list", "Formats")]
    [InlineData("/image-status", "Build Request")]
    [InlineData("/label-list", "Label")]
    public async Task EveryList_IsThere(string path, string head)
    {
        await FollowAsync();

        Assert.Contains(head, (await GetAsync(path)).Body, StringComparison.Ordinal);
        Assert.Equal((200, "[]"), await GetAsync(path, "application/json"));
    }

    [Fact]
    public async Task Head_OfAList_HasTheLengthAndNoBody()
    {
        await FollowAsync();

        var context = await CallAsync("/node-list", method: "HEAD");

        Assert.True(context.Response.ContentLength > 100);
        Assert.Equal("", Body(context));
    }

    private static string Body(HttpContext context) => Encoding.UTF8.GetString(((MemoryStream)context.Response.Body).ToArray());

    private async Task FollowAsync()
    {
        _ = _feed.RunAsync(TestContext.Current.CancellationToken);
        await _feed.AtLeastAsync(_store.Tree.Position, TestContext.Current.CancellationToken);
    }

    private async Task<(int Status, string Body)> GetAsync(string url, string accept = "")
    {
        var context = await CallAsync(url, accept);
        return (context.Response.StatusCode, Body(context));
    }

    private async Task<HttpContext> CallAsync(string url, string accept = "", string tag = "", string method = "GET")
    {
        var parts = url.Split('?');
        var context = new DefaultHttpContext();
        context.Request.Method = method;
        context.Request.QueryString = new QueryString(parts.Length > 1 ? "?" + parts[1] : "");
        context.Request.Headers.Accept = accept.Length > 0 ? accept : default(Microsoft.Extensions.Primitives.StringValues);
        context.Request.Headers.IfNoneMatch = tag.Length > 0 ? tag : default(Microsoft.Extensions.Primitives.StringValues);
        context.Response.Body = new MemoryStream();
        await _web.Pages[parts[0]](context);
        return context;
    }
}
