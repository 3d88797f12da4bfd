using System.Globalization;
using System.Net;
using Nodepool.Core.Providers;
using Nodepool.Providers.OpenStack.Access;
using Nodepool.Providers.OpenStack.Access.Transport;

namespace Nodepool.Testing.OpenStack;

/// <summary>
/// The services of a <see cref="FakeOpenStack"/> without HTTP, Keystone and repeats: each call is one call, and nothing happens on other threads, so
/// that a test on a fake clock runs the same every time.
/// </summary>
public sealed class DirectCloudApi(FakeOpenStack cloud) : ICloudApi
{
    /// <summary>What clouds.yaml says.</summary>
    public CloudAccess Access { get; set; } = new() { Cloud = "fake", Region = "here", ProjectId = FakeOpenStack.Project };

    /// <summary>Services that the cloud does not have.</summary>
    public HashSet<CloudService> Missing { get; } = [];

    /// <inheritdoc/>
    public ValueTask<CloudAccess> GetAccessAsync(CancellationToken ct) => new(Access);

    /// <inheritdoc/>
    public ValueTask<bool> HasAsync(CloudService service, CancellationToken ct) => new(!Missing.Contains(service));

    /// <inheritdoc/>
    public async ValueTask<CloudAnswer> SendAsync(CloudCall call, CancellationToken ct)
    {
        FakeReply reply;
        try
        {
            reply = await cloud.HandleAsync(FakeCall.Of(call.Service, call.Method.Method, call.Path, call.Json ?? default), ct);
        }
        catch (FakeConnectionException e)
        {
            throw new ProviderException(ProviderFault.Unavailable, $"{call}: {e.Message}", e);
        }

        var status = (HttpStatusCode)reply.Status;
        var headers = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        if (reply.RetryAfter is { } seconds)
        {
            headers["Retry-After"] = seconds.ToString(CultureInfo.InvariantCulture);
        }

        var text = System.Text.Encoding.UTF8.GetString(reply.Body.Span);
        if (reply.Status is >= 200 and < 300 || call.Expected.Contains(status))
        {
            return new CloudAnswer(call.ToString(), status, headers, reply.Body) { Message = reply.Status < 300 ? "" : text };
        }

        throw new ProviderException(CloudFaults.Of(status, text, reply.RetryAfter is not null, call.OnConflict).Fault, $"{call}: {text}");
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
