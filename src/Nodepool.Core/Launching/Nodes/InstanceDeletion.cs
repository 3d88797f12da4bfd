using Nodepool.Core.Launching.Governing;
using Nodepool.Core.Model;
using Nodepool.Core.Providers;
using Nodepool.Core.Reconciling;

namespace Nodepool.Core.Launching.Nodes;

/// <summary>Deletes what a node is at its provider, until the provider says that it is gone.</summary>
/// <param name="provider">Where it is.</param>
/// <param name="sources">Time and chance.</param>
/// <param name="pace">Of all calls to the provider.</param>
/// <param name="onFault">Told of each fault: the node's id, the fault, and the time until the next try.</param>
internal sealed class InstanceDeletion(IProvider provider, Sources sources, RetryPace pace, Action<string, ProviderException, TimeSpan> onFault)
{
    /// <summary>After so long the lock is given back and everything starts anew.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromMinutes(10);

    private static readonly TimeSpan FirstDelay = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan LongestDelay = TimeSpan.FromSeconds(30);

    /// <summary>Runs until it is gone.</summary>
    /// <returns>False when it is still there after <see cref="Patience"/>.</returns>
    public async ValueTask<bool> RunAsync(string id, NodeRecord node, CancellationToken ct)
    {
        var order = new DeleteOrder(id, node.Launch?.Token, node.ExternalId.IsNull ? null : node.ExternalId.AsText() ?? node.ExternalId.ToString());
        var giveUp = sources.Time.GetUtcNow() + Patience;
        var failures = 0;
        while (sources.Time.GetUtcNow() < giveUp)
        {
            TimeSpan wait;
            try
            {
                var progress = await provider.AdvanceDeleteAsync(order, ct);
                pace.Answered();
                if (progress.IsGone)
                {
                    return true;
                }

                failures = 0;
                wait = progress.WakeAfter;
            }
            catch (ProviderException e) when (e.Fault == ProviderFault.NotFound)
            {
                return true;
            }
            catch (ProviderException e)
            {
                wait = e.Fault == ProviderFault.Throttled ? pace.Refused() : Backoff.Delay(++failures, FirstDelay, LongestDelay, sources.Random.NextDouble());
                onFault(id, e, wait);
            }

            await Task.Delay(wait, sources.Time, ct);
        }

        return false;
    }
}
