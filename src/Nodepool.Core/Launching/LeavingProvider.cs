using Nodepool.Core.Config;
using Nodepool.Core.Launching.Backing;
using Nodepool.Core.Launching.Duties;
using Nodepool.Core.Reconciling;

namespace Nodepool.Core.Launching;

/// <summary>
/// A provider that this launcher had and whose section the file no longer has. As it was opened last it stays open until its nodes have ended: what is
/// idle or being launched at once, what a client or a human has when they give it back. It ends sooner when another launcher runs the provider: then
/// it was not given up but moved.
/// </summary>
/// <param name="context">The launcher.</param>
/// <param name="section">Its last section.</param>
/// <param name="currentConfig">The configuration now.</param>
internal sealed class LeavingProvider(LauncherContext context, ProviderConfig section, Func<NodepoolConfig> currentConfig)
{
    /// <summary>Its last section.</summary>
    public ProviderConfig Section => section;

    /// <summary>Runs until there is nothing left to do for this launcher, or until cancelled.</summary>
    public async Task RunAsync(ProviderSet providers, CancellationToken ct)
    {
        // Before anything is waited for: whoever used it until now has ended, and what nobody uses is closed in a moment.
        await using var open = providers.Use(section);
        using var end = CancellationTokenSource.CreateLinkedTokenSource(ct);
        var watching = context.Frame.RunAsync((_, _) => new TakeoverWatch(context, section.Name, end.Cancel), end.Token);
        await Task.WhenAll(EndNodesAsync(providers, end.Token), section.IsBacked ? EndBackingAsync(end.Token) : Task.CompletedTask);
        end.Cancel();
        await watching;
    }

    private async Task EndNodesAsync(ProviderSet providers, CancellationToken ct)
    {
        using var spent = CancellationTokenSource.CreateLinkedTokenSource(ct);
        await context.RunDutyAsync(
            Duty.Provider(section.Name),
            (lease, wake, work) => new ProviderReconciler(context, section.Name, currentConfig, providers.Use(section), lease, wake, work) { OnSpent = spent.Cancel },
            spent.Token);
    }

    private async Task EndBackingAsync(CancellationToken ct)
    {
        using var spent = CancellationTokenSource.CreateLinkedTokenSource(ct);
        await context.RunDutyAsync(
            Duty.Backing(section.Name), (lease, _, _) => new BackingReconciler(context, section.Name, currentConfig, lease) { OnSpent = spent.Cancel }, spent.Token);
    }
}
