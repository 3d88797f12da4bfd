using Nodepool.Core.Providers;
using Xunit;

namespace Nodepool.Testing.Providers;

/// <summary>One process of a <see cref="ProviderContract"/> test: does with a provider what the launcher does with it.</summary>
internal sealed class ProviderRun(IProviderWorld world) : IAsyncDisposable
{
    private static readonly TimeSpan ShortestWait = TimeSpan.FromMilliseconds(10);

    public IProvider Provider { get; } = world.Open();

    /// <summary>Every progress that a launch was in, the beginning and the end included.</summary>
    public List<LaunchProgress> Steps { get; } = [];

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public ValueTask<LaunchProgress> StepAsync(LaunchOrder order, LaunchProgress progress) =>
        world.FinishAsync(Provider.AdvanceLaunchAsync(order, progress, Ct).AsTask());

    public async Task<LaunchProgress> LaunchAsync(LaunchOrder order, LaunchProgress? from = null)
    {
        var progress = from ?? LaunchProgress.Begin;
        Steps.Add(progress);
        for (var waited = TimeSpan.Zero; progress.Instance is null; waited += await WaitAsync(progress.WakeAfter))
        {
            Assert.True(waited <= world.Patience, $"the launch is still at '{progress.Stage}' after {waited}");
            progress = await StepAsync(order, progress);
            Steps.Add(progress);
        }

        return progress;
    }

    /// <summary>Begins the first step of a launch and cancels it at its first wait.</summary>
    public async Task CancelledStepAsync(LaunchOrder order)
    {
        using var cancellation = CancellationTokenSource.CreateLinkedTokenSource(Ct);
        var call = Provider.AdvanceLaunchAsync(order, LaunchProgress.Begin, cancellation.Token).AsTask();
        await cancellation.CancelAsync();
        try
        {
            await world.FinishAsync(call);
        }
        catch (OperationCanceledException)
        {
            // Either is right: the call may have been too fast to be cancelled.
        }
    }

    public ValueTask<DeleteProgress> DeleteStepAsync(DeleteOrder order) => world.FinishAsync(Provider.AdvanceDeleteAsync(order, Ct).AsTask());

    public async Task DeleteAsync(DeleteOrder order)
    {
        var waited = TimeSpan.Zero;
        while (await DeleteStepAsync(order) is { IsGone: false } progress)
        {
            Assert.True(waited <= world.Patience, $"the deletion is not over after {waited}");
            waited += await WaitAsync(progress.WakeAfter);
        }
    }

    public async Task DeleteLeakAsync(CloudResource leak)
    {
        await world.FinishAsync(CallAsync());
        for (var waited = TimeSpan.Zero; (await ListAsync()).Any(other => other.ExternalId == leak.ExternalId);)
        {
            Assert.True(waited <= world.Patience, $"the leak is still listed after {waited}");
            waited += await WaitAsync(TimeSpan.FromMilliseconds(100));
        }

        async Task<bool> CallAsync()
        {
            await Provider.DeleteResourceAsync(leak, Ct);
            return true;
        }
    }

    public ValueTask<List<CloudResource>> ListAsync() => world.FinishAsync(Provider.ListResourcesAsync(Ct).ToListAsync(Ct).AsTask());

    /// <summary>Ids of the instances with the order's node and token in their metadata.</summary>
    public async Task<IEnumerable<string>> InstancesOfAsync(LaunchOrder order) =>
        from resource in await ListAsync()
        where resource.Type == CloudResource.InstanceType
            && resource.Metadata.GetValueOrDefault(NodeMetadata.NodeId) == order.NodeId
            && resource.Metadata.GetValueOrDefault(NodeMetadata.Token) == order.Token
        select resource.ExternalId;

    public ValueTask DisposeAsync() => Provider.DisposeAsync();

    private async ValueTask<TimeSpan> WaitAsync(TimeSpan wanted)
    {
        var wait = wanted > ShortestWait ? wanted : ShortestWait;
        await world.PassAsync(wait);
        return wait;
    }
}
