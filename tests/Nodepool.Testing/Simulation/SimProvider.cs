using System.Runtime.CompilerServices;
using Nodepool.Core;
using Nodepool.Core.Collections;
using Nodepool.Core.Config;
using Nodepool.Core.Images;
using Nodepool.Core.Providers;
using Nodepool.Providers.Fake;

namespace Nodepool.Testing.Simulation;

/// <summary>One process's way to a simulated cloud: it may die before a call, and after the cloud did what was asked.</summary>
internal sealed class SimProvider(SimWorld world, SimProcess process, ProviderConfig config, FakeProvider inner) : IProvider, IImageProvider, IConsoleProvider, IZonedProvider
{
    public ValueTask<LaunchProgress> AdvanceLaunchAsync(LaunchOrder order, LaunchProgress progress, CancellationToken ct) =>
        CallAsync($"launch {order.NodeId} {order.Token[..7]} {progress.Stage}", () => inner.AdvanceLaunchAsync(order, progress, ct), ct);

    public ValueTask<DeleteProgress> AdvanceDeleteAsync(DeleteOrder order, CancellationToken ct) =>
        CallAsync($"delete {order.NodeId} {order.ExternalId?[..4]}", () => inner.AdvanceDeleteAsync(order, ct), ct);

    public async IAsyncEnumerable<CloudResource> ListResourcesAsync([EnumeratorCancellation] CancellationToken ct)
    {
        var all = await CallAsync("list", async () =>
        {
            var found = new List<CloudResource>();
            await foreach (var resource in inner.ListResourcesAsync(ct))
            {
                found.Add(resource);
            }

            return found;
        }, ct);
        foreach (var resource in all)
        {
            yield return resource;
        }
    }

    public async ValueTask DeleteResourceAsync(CloudResource resource, CancellationToken ct) =>
        await CallAsync($"delete leaked {resource.Type} {resource.ExternalId[..4]}", async () =>
        {
            await inner.DeleteResourceAsync(resource, ct);
            return true;
        }, ct);

    public ValueTask<Quota> GetLimitsAsync(ProviderConfig section, CancellationToken ct) => CallAsync("limits", () => inner.GetLimitsAsync(section, ct), ct);

    public Quota GetCost(PoolConfig pool, PoolLabelConfig label) => inner.GetCost(pool, label);

    public ValueTask<string> UploadImageAsync(ImageUploadOrder order, IProgress<double> progress, CancellationToken ct) =>
        CallAsync($"upload {order.ExternalName}", () => inner.UploadImageAsync(order, progress, ct), ct);

    public ValueTask<string?> RecoverImageAsync(ImageUploadOrder order, CancellationToken ct) =>
        CallAsync($"recover {order.ExternalName}", () => inner.RecoverImageAsync(order, ct), ct);

    public async ValueTask DeleteImageAsync(string externalId, CancellationToken ct) =>
        await CallAsync($"delete image {externalId[..4]}", async () =>
        {
            await inner.DeleteImageAsync(externalId, ct);
            return true;
        }, ct);

    public ValueTask<string?> GetConsoleLogAsync(string externalId, CancellationToken ct) =>
        CallAsync($"console {externalId[..4]}", () => inner.GetConsoleLogAsync(externalId, ct), ct);

    public ValueTask<ValueList<string>> GetZonesAsync(PoolConfig pool, CancellationToken ct) => CallAsync("zones", () => inner.GetZonesAsync(pool, ct), ct);

    public ValueTask DisposeAsync() => inner.DisposeAsync();

    private async ValueTask<T> CallAsync<T>(string what, Func<ValueTask<T>> call, CancellationToken ct)
    {
        await PointAsync("before", what);
        ct.ThrowIfCancellationRequested();
        T result;
        try
        {
            result = await call();
        }
        catch (ProviderException e)
        {
            world.Trace.Line(process.Name, $"cloud {config.Name}: {what}: {e.Fault}");
            throw;
        }

        world.Trace.Line(process.Name, $"cloud {config.Name}: {what}");
        await PointAsync("after", what);
        return result;
    }

    private async ValueTask PointAsync(string when, string what)
    {
        if (!process.IsDead && world.Faults.Strikes(world.Faults.Rates.Kill))
        {
            world.Kill(process, $"{when} cloud call: {what}");
        }

        if (process.IsDead)
        {
            await SimProcess.Never;
        }

        if (world.Faults.Strikes(world.Faults.Rates.Slow))
        {
            await Task.Delay(world.Faults.UpTo(5), process.Time);
        }
        else
        {
            await Task.Yield();
        }
    }
}
