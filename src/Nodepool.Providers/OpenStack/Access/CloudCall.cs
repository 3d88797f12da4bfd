using System.Net;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Nodepool.Core.Collections;
using Nodepool.Core.Providers;

namespace Nodepool.Providers.OpenStack.Access;

/// <summary>One call to a service.</summary>
/// <param name="Service">Which.</param>
/// <param name="Method">What to do.</param>
/// <param name="Path">
/// Path below the service's versioned endpoint, without a slash in front, with what was put into it escaped: <c>servers/detail?limit=1000</c>,
/// <c>ports</c>, <c>images/ID/file</c>, <c>volumes/detail</c>.
/// </param>
public sealed record CloudCall(CloudService Service, HttpMethod Method, string Path)
{
    /// <summary>A body of JSON; null: none.</summary>
    public ReadOnlyMemory<byte>? Json { get; init; }

    /// <summary>Media type of <see cref="Json"/>; Glance wants one of its own for patches.</summary>
    public string JsonType { get; init; } = "application/json";

    /// <summary>A streamed body, in the place of <see cref="Json"/>; null: none.</summary>
    public CloudContent? Content { get; init; }

    /// <summary>
    /// The newest microversion that the caller understands, such as <c>2.79</c>; what is used is the newest that the cloud has up to this, see
    /// <see cref="CloudAnswer.Microversion"/>. Null asks for none: the oldest behaviour.
    /// </summary>
    public string? Microversion { get; init; }

    /// <summary>Place among calls that wait.</summary>
    public CallPriority Priority { get; init; } = CallPriority.Usual;

    /// <summary>Statuses other than success that the caller wants as an answer, not as an exception.</summary>
    public ValueList<HttpStatusCode> Expected { get; init; } = [];

    /// <summary>What a 409 means that does not speak of quota: the state of the thing forbids it now.</summary>
    public ProviderFault OnConflict { get; init; } = ProviderFault.Rejected;

    /// <summary>
    /// Making it twice is no worse than making it once, so it is repeated when its answer is lost. By default true of all methods but POST and PATCH.
    /// </summary>
    public bool IsRepeatable { get; init; } = Method != HttpMethod.Post && Method != HttpMethod.Patch;

    /// <summary>How long one attempt may take; null takes what clouds.yaml (<c>api_timeout</c>) says, else a minute.</summary>
    public TimeSpan? Timeout { get; init; }

    /// <summary>Reads something.</summary>
    public static CloudCall Get(CloudService service, string path) => new(service, HttpMethod.Get, path);

    /// <summary>Deletes something.</summary>
    public static CloudCall Delete(CloudService service, string path) => new(service, HttpMethod.Delete, path);

    /// <summary>Makes something.</summary>
    public static CloudCall Post<T>(CloudService service, string path, T body, JsonTypeInfo<T> type) =>
        new(service, HttpMethod.Post, path) { Json = JsonSerializer.SerializeToUtf8Bytes(body, type) };

    /// <summary>Sets something.</summary>
    public static CloudCall Put<T>(CloudService service, string path, T body, JsonTypeInfo<T> type) =>
        new(service, HttpMethod.Put, path) { Json = JsonSerializer.SerializeToUtf8Bytes(body, type) };

    /// <summary>
    /// The same call for the page that a link to a following page names. Only its query is taken: behind proxies such links lead elsewhere than the catalogue.
    /// </summary>
    /// <param name="link">URL, absolute or from the server's root.</param>
    public CloudCall Following(string link) => this with { Path = Path.Split('?')[0] + (link.IndexOf('?', StringComparison.Ordinal) is >= 0 and var at ? link[at..] : "") };

    /// <summary>The call without its body, for messages.</summary>
    public override string ToString() => $"{Method} {Path}";
}
