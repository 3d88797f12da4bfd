using Nodepool.Core.Providers;

namespace Nodepool.Providers.OpenStack.Access;

/// <summary>
/// The services of one region of one OpenStack cloud, as one project: finds them, keeps the token valid, paces and repeats calls, and
/// translates what goes wrong. Nothing is asked of the cloud before the first call. Made by <see cref="OpenStackClouds"/>. Members may be called concurrently.
/// </summary>
/// <remarks>
/// Every member throws <see cref="ProviderException"/>, and nothing else that the caller should handle. Its text names cloud, region,
/// service, call and remedy, and carries what the service said; the faults are those of <see cref="SendAsync"/>.
/// </remarks>
public interface ICloudApi : IAsyncDisposable
{
    /// <summary>What clouds.yaml and Keystone say of the cloud; gets a token first if there is none.</summary>
    ValueTask<CloudAccess> GetAccessAsync(CancellationToken ct);

    /// <summary>Whether the cloud offers the service here to us; a cloud without volumes or networks is none that is broken.</summary>
    ValueTask<bool> HasAsync(CloudService service, CancellationToken ct);

    /// <summary>
    /// Makes one call when its turn comes and reads the whole answer. A call that may be repeated
    /// (<see cref="CloudCall.IsRepeatable"/>) is repeated a few times, after the time that the service asks for, when the service
    /// cannot now or the connection breaks; a token that is no longer valid is renewed once.
    /// </summary>
    /// <returns>An answer with a status of success, or one of those in <see cref="CloudCall.Expected"/>.</returns>
    /// <exception cref="ProviderException">
    /// <see cref="ProviderFault.NotFound"/>: 404, 410. <see cref="ProviderFault.QuotaExceeded"/>: 413, and 403 or 409 that speak of a quota or limit.
    /// <see cref="ProviderFault.Throttled"/>: 429, and any answer that says when to come again except 503.
    /// <see cref="ProviderFault.Unavailable"/>: 5xx, no connection, no answer in time, an answer that breaks off: <b>the call may have been carried out</b>.
    /// <see cref="CloudCall.OnConflict"/>: other 409. <see cref="ProviderFault.Rejected"/>: the rest, also a cloud that is not
    /// configured and credentials that Keystone refuses.
    /// </exception>
    ValueTask<CloudAnswer> SendAsync(CloudCall call, CancellationToken ct);
}
