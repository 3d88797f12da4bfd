using System.Net;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Nodepool.Core.Providers;

namespace Nodepool.Providers.OpenStack.Access;

/// <summary>What a service answered to a <see cref="CloudCall"/>, whole.</summary>
public sealed class CloudAnswer
{
    private readonly string _asked;
    private readonly IReadOnlyDictionary<string, string> _headers;

    /// <summary>Keeps an answer.</summary>
    /// <param name="asked">The call in words, for messages: cloud, region, service, method, path.</param>
    /// <param name="status">Its status.</param>
    /// <param name="headers">Its headers, by name in any case; several of one name are joined by commas.</param>
    /// <param name="body">Its body.</param>
    public CloudAnswer(string asked, HttpStatusCode status, IReadOnlyDictionary<string, string> headers, ReadOnlyMemory<byte> body)
    {
        _asked = asked;
        _headers = headers;
        Status = status;
        Body = body;
    }

    /// <summary>The status: success, or one of <see cref="CloudCall.Expected"/>.</summary>
    public HttpStatusCode Status { get; }

    /// <summary>A status of success.</summary>
    public bool IsSuccess => (int)Status is >= 200 and < 300;

    /// <summary>The body; empty when there is none.</summary>
    public ReadOnlyMemory<byte> Body { get; }

    /// <summary>The microversion that the call was made with; null when with none.</summary>
    public string? Microversion { get; init; }

    /// <summary>What the service says for people when it did not do what was asked; "" for a success.</summary>
    public string Message { get; init; } = "";

    /// <summary>A header, or null.</summary>
    public string? Header(string name) => _headers.GetValueOrDefault(name);

    /// <summary>The body read as JSON.</summary>
    /// <exception cref="ProviderException"><see cref="ProviderFault.Unavailable"/>: it is not the JSON that the service documents.</exception>
    public T Read<T>(JsonTypeInfo<T> type)
    {
        try
        {
            return JsonSerializer.Deserialize(Body.Span, type)
                ?? throw new ProviderException(ProviderFault.Unavailable, $"{_asked}: the answer is empty; see the logs of the service, or what stands between it and here");
        }
        catch (JsonException e)
        {
            throw new ProviderException(
                ProviderFault.Unavailable, $"{_asked}: the answer cannot be understood (at {e.Path ?? "the beginning"}); see the logs of the service, or what stands between it and here", e);
        }
    }
}
