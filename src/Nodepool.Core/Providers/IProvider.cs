namespace Nodepool.Core.Providers;

/// <summary>
/// One open provider. The driver only makes, lists, deletes and describes; when and how often is the launcher's business.
/// Calls may take seconds, never minutes: long work is carried by the progress records. Members may be called concurrently.
/// </summary>
/// <remarks>Every member throws <see cref="ProviderException"/> for faults of the cloud, and nothing else that the caller should handle.</remarks>
public interface IProvider : IAsyncDisposable
{
    /// <summary>
    /// Brings one launch attempt a step forward. The same <paramref name="progress"/> may be given again after a crash: a create
    /// that the cloud has already taken under this <see cref="LaunchOrder.Token"/> is found again, not repeated.
    /// </summary>
    /// <returns>The new progress; <see cref="LaunchProgress.Instance"/> is set when the cloud is done.</returns>
    ValueTask<LaunchProgress> AdvanceLaunchAsync(LaunchOrder order, LaunchProgress progress, CancellationToken ct);

    /// <summary>
    /// Brings a deletion a step forward: of the instance with the order's external id, and of whatever else carries its token.
    /// What does not exist is gone; that is success.
    /// </summary>
    ValueTask<DeleteProgress> AdvanceDeleteAsync(DeleteOrder order, CancellationToken ct);

    /// <summary>Everything at the provider that can carry metadata, also what is not ours.</summary>
    IAsyncEnumerable<CloudResource> ListResourcesAsync(CancellationToken ct);

    /// <summary>Deletes a leaked resource; not found is success.</summary>
    ValueTask DeleteResourceAsync(CloudResource resource, CancellationToken ct);

    /// <summary>What the cloud lets us use at most, all of our pools together.</summary>
    /// <param name="section">The whole section as it is now: pools may have changed since the provider was opened.</param>
    /// <param name="ct">Ends the wait.</param>
    ValueTask<Quota> GetLimitsAsync(Config.ProviderConfig section, CancellationToken ct);

    /// <summary>What one node of a label will use. No call to the cloud.</summary>
    Quota GetCost(Config.PoolConfig pool, Config.PoolLabelConfig label);
}
