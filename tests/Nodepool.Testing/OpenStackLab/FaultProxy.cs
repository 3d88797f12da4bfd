using System.Collections.Concurrent;
using System.Net;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Logging;

namespace Nodepool.Testing.OpenStackLab;

/// <summary>
/// Lies between a driver and the services of a lab: counts the calls, and does to each what the script says. It has a port of its own for every
/// service, and keeps the name by which it was called, so that services refer to it in their answers.
/// </summary>
public sealed class FaultProxy : IAsyncDisposable
{
    private static readonly TimeSpan LongDelay = TimeSpan.FromSeconds(3);

    private readonly HttpClient _client = new(new SocketsHttpHandler { UseProxy = false, AllowAutoRedirect = false }) { Timeout = Timeout.InfiniteTimeSpan };
    private readonly ConcurrentQueue<CloudCallSeen> _calls = new();
    private readonly Dictionary<int, (string Service, Uri Target)> _targets = [];
    private readonly WebApplication _application;
    private Func<CloudCallSeen, CloudFault> _script = _ => CloudFault.None;

    private FaultProxy()
    {
        var builder = WebApplication.CreateSlimBuilder(new WebApplicationOptions());
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.Limits.MaxRequestBodySize = null;
            foreach (var _ in Services)
            {
                kestrel.Listen(IPAddress.Loopback, 0);
            }
        });
        _application = builder.Build();
        _application.Run(PassAsync);
    }

    /// <summary>Types of the services that it lies before.</summary>
    public IReadOnlyList<string> Services { get; } = ["compute", "image", "network"];

    /// <summary>All calls that have come to their end.</summary>
    public IReadOnlyCollection<CloudCallSeen> Calls => _calls;

    /// <summary>Starts it; at first everything passes.</summary>
    public static async Task<FaultProxy> StartAsync(Lab lab, CancellationToken ct)
    {
        var proxy = new FaultProxy();
        await proxy._application.StartAsync(ct);
        foreach (var (service, url) in proxy.Services.Zip(proxy._application.Urls))
        {
            proxy._targets[new Uri(url).Port] = (service, new Uri(lab.Admin.Address(service)));
        }

        return proxy;
    }

    /// <summary>Sets what is done to the calls from now on. Asked concurrently.</summary>
    public void Script(Func<CloudCallSeen, CloudFault> script) => _script = script;

    /// <summary>Where a service is to be called, with the path of its own address.</summary>
    public string Address(string service)
    {
        var (port, (_, target)) = _targets.First(target => target.Value.Service == service);
        return $"http://127.0.0.1:{port}{target.AbsolutePath.TrimEnd('/')}";
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _application.DisposeAsync();
        _client.Dispose();
    }

    private async Task PassAsync(HttpContext context)
    {
        var (service, target) = _targets[context.Connection.LocalPort];
        var call = new CloudCallSeen(service, context.Request.Method, context.Request.Path.Value ?? "", CloudFault.None);
        if (context.Request.HasJsonContentType())
        {
            using var reader = new StreamReader(context.Request.Body);
            call = call with { Json = await reader.ReadToEndAsync(context.RequestAborted) };
        }

        call = call with { Fault = _script(call) };
        if (await RefuseAsync(context, call.Fault))
        {
            _calls.Enqueue(call);
            return;
        }

        HttpStatusCode? status = null;
        try
        {
            using var response = await ForwardAsync(context, target, call.Json);
            status = response.StatusCode;
            await ReturnAsync(context, response, call.Fault);
        }
        finally
        {
            _calls.Enqueue(call with { Status = status });
        }
    }

    /// <summary>Does what needs no service.</summary>
    /// <returns>That was all.</returns>
    private static async Task<bool> RefuseAsync(HttpContext context, CloudFault fault)
    {
        switch (fault)
        {
            case CloudFault.Reset:
                context.Abort();
                return true;
            case CloudFault.ServerError:
                await AnswerAsync(context, 500, """{"computeFault": {"code": 500, "message": "Unexpected API Error."}}""");
                return true;
            case CloudFault.Unavailable:
                await AnswerAsync(context, 503, "<html><body>503 Service Unavailable</body></html>");
                return true;
            case CloudFault.Throttled:
                context.Response.Headers.RetryAfter = "1";
                await AnswerAsync(context, 429, """{"overLimit": {"code": 429, "message": "This request was rate-limited."}}""");
                return true;
            case CloudFault.Delay:
                await Task.Delay(LongDelay, TimeProvider.System, context.RequestAborted);
                return false;
            default:
                return false;
        }
    }

    private static async Task AnswerAsync(HttpContext context, int status, string text)
    {
        context.Response.StatusCode = status;
        await context.Response.WriteAsync(text);
    }

    private async Task<HttpResponseMessage> ForwardAsync(HttpContext context, Uri target, string? json)
    {
        var incoming = context.Request;
        using var request = new HttpRequestMessage(new HttpMethod(incoming.Method), $"{target.GetLeftPart(UriPartial.Authority)}{context.Features.Get<IHttpRequestFeature>()!.RawTarget}");
        if (json is not null)
        {
            request.Content = new ByteArrayContent(Encoding.UTF8.GetBytes(json));
        }
        else if (context.Features.Get<IHttpRequestBodyDetectionFeature>()!.CanHaveBody)
        {
            request.Content = new StreamContent(incoming.Body);
        }

        foreach (var (name, values) in incoming.Headers.Where(header => !header.Key.Equals("Transfer-Encoding", StringComparison.OrdinalIgnoreCase)))
        {
            if (!request.Headers.TryAddWithoutValidation(name, values.ToArray()))
            {
                request.Content?.Headers.TryAddWithoutValidation(name, values.ToArray());
            }
        }

        return await _client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, context.RequestAborted);
    }

    private static async Task ReturnAsync(HttpContext context, HttpResponseMessage response, CloudFault fault)
    {
        if (fault == CloudFault.LostAnswer)
        {
            await response.Content.ReadAsByteArrayAsync(context.RequestAborted);
            context.Abort();
            return;
        }

        context.Response.StatusCode = (int)response.StatusCode;
        foreach (var (name, values) in response.Headers.Concat(response.Content.Headers))
        {
            if (name is not ("Connection" or "Transfer-Encoding" or "Keep-Alive"))
            {
                context.Response.Headers[name] = values.ToArray();
            }
        }

        if (fault == CloudFault.Truncated)
        {
            var whole = await response.Content.ReadAsByteArrayAsync(context.RequestAborted);
            context.Response.ContentLength = whole.Length / 2;
            await context.Response.Body.WriteAsync(whole.AsMemory(0, whole.Length / 2));
            return;
        }

        await response.Content.CopyToAsync(context.Response.Body, context.RequestAborted);
    }
}
