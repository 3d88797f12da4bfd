using Nodepool.Core.Images;

namespace Nodepool.Testing.Simulation;

/// <summary>An operator's hook: takes a while, and refuses now and then as long as things go wrong.</summary>
internal sealed class SimHook(SimWorld world, SimProcess process) : IPostUploadHook
{
    public async Task RunAsync(PostUploadOrder order, CancellationToken ct)
    {
        await Task.Delay(TimeSpan.FromSeconds(1), process.Time, ct);
        world.Trace.Line(process.Name, $"hook {order.Provider} {order.ExternalId[..4]}");
        if (world.Faults.Strikes(world.Faults.Rates.Cloud))
        {
            throw new PostUploadException("the hook was told to refuse");
        }
    }
}
