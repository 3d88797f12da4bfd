using System.Globalization;
using Microsoft.Extensions.Primitives;
using Microsoft.Net.Http.Headers;
using Nodepool.Core;
using Nodepool.Core.View;
using Nodepool.Lists;

namespace Nodepool.Web;

/// <summary>The read-only lists over HTTP. Everything comes from the view that this process has anyway.</summary>
internal sealed class WebLists
{
    private const string NotReady = "not ready: the records have not been read yet";
    private static readonly string[] Methods = ["GET", "HEAD"];

    private readonly ClusterFeed _feed;
    private readonly Sources _sources;

    public WebLists(ClusterFeed feed, Sources sources)
    {
        (_feed, _sources) = (feed, sources);
        Pages = new Dictionary<string, RequestDelegate>(StringComparer.Ordinal)
        {
            ["/node-list"] = context => AnswerAsync(context, (view, now, query) => NodeList.Of(view, now, query["node_id"] is [var id, ..] ? [id ?? ""] : []) with { UsualColumns = int.MaxValue }),
            ["/request-list"] = List(RequestList.Of),
            ["/image-list"] = List(ImageUploadList.Of),
            ["/dib-image-list"] = List(ImageBuildList.Of),
            ["/image-status"] = List(ImageStatusList.Of),
            ["/label-list"] = List(LabelList.Of),
            ["/ready"] = ReadyAsync,
        };
    }

    /// <summary>What answers at which path.</summary>
    public IReadOnlyDictionary<string, RequestDelegate> Pages { get; }

    public void Map(IEndpointRouteBuilder routes)
    {
        foreach (var (path, page) in Pages)
        {
            routes.MapMethods(path, Methods, page);
        }
    }

    private RequestDelegate List(Func<ClusterView, double, ListTable> list) => context => AnswerAsync(context, (view, now, _) => list(view, now));

    private Task ReadyAsync(HttpContext context) => _feed.Current.Position >= 0
        ? WriteAsync(context, StatusCodes.Status200OK, "OK")
        : WriteAsync(context, StatusCodes.Status503ServiceUnavailable, NotReady);

    private Task AnswerAsync(HttpContext context, Func<ClusterView, double, IQueryCollection, ListTable> list)
    {
        var form = Negotiation.Choose(context.Request.Headers.Accept.ToArray()!);
        var view = _feed.Current;
        var headers = context.Response.Headers;
        headers.AccessControlAllowOrigin = "*";
        headers.Vary = "Accept";
        if (form == AnswerForm.None)
        {
            return WriteAsync(context, StatusCodes.Status406NotAcceptable, "this list exists as application/json and as text/plain");
        }

        if (view.Position < 0)
        {
            return WriteAsync(context, StatusCodes.Status503ServiceUnavailable, NotReady);
        }

        // Ages in the text change every second, the JSON only with the records.
        var now = _sources.UnixNow;
        var tag = form == AnswerForm.Json
            ? $"\"{view.Position}\""
            : string.Create(CultureInfo.InvariantCulture, $"W/\"{view.Position}-{(long)now}\"");
        headers.CacheControl = "public, max-age=1";
        headers.ETag = tag;
        if (context.Request.Headers.IfNoneMatch.Any(known => IsIn(known, tag)))
        {
            context.Response.StatusCode = StatusCodes.Status304NotModified;
            return Task.CompletedTask;
        }

        var table = list(view, now, context.Request.Query);
        return form == AnswerForm.Json
            ? WriteAsync(context, StatusCodes.Status200OK, ListJson.Write(table, indented: false), "application/json")
            : WriteAsync(context, StatusCodes.Status200OK, TextTable.Draw(context.Request.Query["fields"] is { Count: > 0 } fields ? table.Only(Names(fields)) : table.Usual));
    }

    private static string[] Names(StringValues fields) => fields.ToString().Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);

    private static bool IsIn(string? header, string tag) =>
        EntityTagHeaderValue.TryParseList([header ?? ""], out var tags)
        && tags.Any(known => known.Equals(EntityTagHeaderValue.Any) || known.Compare(EntityTagHeaderValue.Parse(tag), useStrongComparison: false));

    private static Task WriteAsync(HttpContext context, int status, string text, string type = "text/plain; charset=UTF-8")
    {
        context.Response.StatusCode = status;
        context.Response.ContentType = type;
        var bytes = System.Text.Encoding.UTF8.GetBytes(text);
        context.Response.ContentLength = bytes.Length;
        return HttpMethods.IsHead(context.Request.Method) ? Task.CompletedTask : context.Response.Body.WriteAsync(bytes, context.RequestAborted).AsTask();
    }
}
