using System.Net.Http.Headers;
using Nodepool.Providers.OpenStack.Access.Identity;
using Nodepool.Providers.OpenStack.Access.Settings;

namespace Nodepool.Providers.OpenStack.Access;

/// <summary>Makes the request of a call.</summary>
internal static class CallRequest
{
    private const int BufferLength = 1 << 17;

    public static HttpRequestMessage Make(CloudCall call, ServiceEndpoint endpoint, Microversion? microversion, CloudToken token)
    {
        var request = new HttpRequestMessage(call.Method, new Uri($"{endpoint.Address}/{call.Path}")) { Content = ContentOf(call) };
        request.Headers.TryAddWithoutValidation("X-Auth-Token", token.Value.Reveal());
        request.Headers.Accept.Add(new MediaTypeWithQualityHeaderValue("application/json"));
        if (call.Content is not null)
        {
            // The service may refuse before gigabytes are sent.
            request.Headers.ExpectContinue = true;
        }

        if (microversion is { } version)
        {
            request.Headers.TryAddWithoutValidation("OpenStack-API-Version", $"{(call.Service == CloudService.BlockStorage ? "volume" : "compute")} {version}");
            if (call.Service == CloudService.Compute)
            {
                // Up to 2.26 Nova looks at this header only.
                request.Headers.TryAddWithoutValidation("X-OpenStack-Nova-API-Version", version.ToString());
            }
        }

        return request;
    }

    private static HttpContent? ContentOf(CloudCall call)
    {
        if (call.Content is { } stream)
        {
            return new StreamContent(stream.Open(), BufferLength) { Headers = { ContentType = new MediaTypeHeaderValue("application/octet-stream"), ContentLength = stream.Length } };
        }

        return call.Json is { } json ? new ReadOnlyMemoryContent(json) { Headers = { ContentType = new MediaTypeHeaderValue(call.JsonType) } } : null;
    }
}
