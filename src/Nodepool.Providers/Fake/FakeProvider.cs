using System.Runtime.CompilerServices;
using System.Security.Cryptography;
using System.Text;
using Nodepool.Core;
using Nodepool.Core.Collections;
using Nodepool.Core.Config;
using Nodepool.Core.Images;
using Nodepool.Core.Providers;
using Nodepool.Providers.Fake.Cloud;
using Nodepool.Providers.OpenStack;

namespace Nodepool.Providers.Fake;

/// <summary>A provider on a <see cref="FakeCloud"/>. Several of them, as of several processes, may share one cloud.</summary>
/// <param name="config">The provider section.</param>
/// <param name="cloud">The cloud; it outlives the provider.</param>
public sealed class FakeProvider(ProviderConfig config, FakeCloud cloud) : IProvider, IImageProvider, IConsoleProvider, IZonedProvider
{
    private const string Waiting = "waiting";

    /// <inheritdoc/>
    public async ValueTask<LaunchProgress> AdvanceLaunchAsync(LaunchOrder order, LaunchProgress progress, CancellationToken ct)
    {
        // The cloud's own images are always there; those of ours may have been deleted.
        var image = order.Label.CloudImage is null ? order.ImageExternalId : null;

        // Without an id the create is simply repeated: its token makes it find what an earlier one made.
        var server = progress.ExternalId is { } id
            ? await cloud.GetAsync(id, ct)
            : await cloud.CreateAsync(new(order.Token, order.Metadata, GetCost(order.Pool, order.Label), image, order.Hostname, order.Az), ct);
        var now = cloud.Now;
        return server?.StateAt(now) switch
        {
            FakeServerState.Active => new(Waiting, server.Id, Describe(server)),
            FakeServerState.Building or FakeServerState.InFlight => new(Waiting, server.Id, WakeAfter: server.ActiveAt - now),
            FakeServerState.Error => throw new ProviderException(
                server.EndsIn!.Value, $"instance {server.Id} ended in an error; the fake cloud was told to let it fail with {server.EndsIn}"),
            _ => throw new ProviderException(
                ProviderFault.NotFound, $"instance {server?.Id ?? progress.ExternalId} of node {order.NodeId} was deleted while it was launched: launch again"),
        };
    }

    /// <inheritdoc/>
    public async ValueTask<DeleteProgress> AdvanceDeleteAsync(DeleteOrder order, CancellationToken ct)
    {
        var left = order.ExternalId is { } id ? await DeleteAsync(id, ct) : TimeSpan.Zero;
        if (order.Token is { } token && await cloud.FindAsync(token, ct) is { } other && other.Id != order.ExternalId)
        {
            left = TimeSpan.FromTicks(Math.Max(left.Ticks, (await DeleteAsync(other.Id, ct)).Ticks));
        }

        return left > TimeSpan.Zero ? new(false, left) : DeleteProgress.Gone;
    }

    /// <inheritdoc/>
    public async IAsyncEnumerable<CloudResource> ListResourcesAsync([EnumeratorCancellation] CancellationToken ct)
    {
        var listing = await cloud.ListAsync(ct);
        foreach (var server in listing.Servers)
        {
            yield return new(CloudResource.InstanceType, server.Id, server.Metadata, server.Cost) { Name = server.Name, Address = server.Address };
        }

        foreach (var image in listing.Images)
        {
            yield return new(CloudResource.ImageType, image.Id, image.Metadata, Quota.Zero) { Name = image.Name };
        }
    }

    /// <inheritdoc/>
    public async ValueTask DeleteResourceAsync(CloudResource resource, CancellationToken ct)
    {
        if (resource.Type == CloudResource.ImageType)
        {
            await cloud.DeleteImageAsync(resource.ExternalId, ct);
        }
        else
        {
            await cloud.DeleteAsync(resource.ExternalId, ct);
        }
    }

    /// <inheritdoc/>
    public ValueTask<Quota> GetLimitsAsync(ProviderConfig section, CancellationToken ct) => cloud.GetLimitsAsync(ct);

    /// <inheritdoc/>
    public Quota GetCost(PoolConfig pool, PoolLabelConfig label) => (label.Options as FakeLabelOptions)?.Flavor.Cost ?? FakeFlavor.All[0].Cost;

    /// <inheritdoc/>
    public async ValueTask<string> UploadImageAsync(ImageUploadOrder order, IProgress<double> progress, CancellationToken ct)
    {
        if (config.ImageFormats.FirstOrDefault(format => !order.Files.ContainsKey(format)) is { } missing)
        {
            throw new ProviderException(ProviderFault.Rejected, $"upload of {order.ExternalName} has no {missing} file: build the image in that format");
        }

        // What an interrupted upload of the same name left would make the cloud refuse this one.
        foreach (var left in (await cloud.ListAsync(ct)).Images.Where(image => image.Name == order.ExternalName))
        {
            await cloud.DeleteImageAsync(left.Id, ct);
        }

        return (await cloud.UploadAsync(order.ExternalName, order.Metadata, progress, ct)).Id;
    }

    /// <inheritdoc/>
    public async ValueTask<string?> RecoverImageAsync(ImageUploadOrder order, CancellationToken ct)
    {
        string? whole = null;
        foreach (var left in (await cloud.ListAsync(ct)).Images.Where(image => image.Name == order.ExternalName))
        {
            if (left.IsReady && left.Metadata.Equals(order.Metadata))
            {
                whole = left.Id;
            }
            else
            {
                await cloud.DeleteImageAsync(left.Id, ct);
            }
        }

        return whole;
    }

    /// <inheritdoc/>
    public async ValueTask DeleteImageAsync(string externalId, CancellationToken ct) => await cloud.DeleteImageAsync(externalId, ct);

    /// <inheritdoc/>
    public ValueTask<string?> GetConsoleLogAsync(string externalId, CancellationToken ct) => cloud.GetConsoleAsync(externalId, ct);

    /// <inheritdoc/>
    public ValueTask<ValueList<string>> GetZonesAsync(PoolConfig pool, CancellationToken ct) =>
        new((pool.Options as OpenStackPoolOptions)?.AvailabilityZones is { Count: > 0 } configured ? configured : cloud.Behaviour.Zones);

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    private async ValueTask<TimeSpan> DeleteAsync(string id, CancellationToken ct) =>
        await cloud.DeleteAsync(id, ct) is { GoneAt: { } gone } ? gone - cloud.Now : TimeSpan.Zero;

    private Instance Describe(FakeServer server) => new()
    {
        ExternalId = server.Id,
        InterfaceIp = server.Address,
        PublicIPv4 = server.Address,
        PrivateIPv4 = server.Address,
        Cloud = (config.Options as FakeOptions)?.Cloud,
        Region = (config.Options as FakeOptions)?.Region,
        Az = server.Zone,
        HostId = "fake-host",
        HostKeys = cloud.Behaviour.TellsHostKeys ? [FakeHostKey(server.Id)] : null,
    };

    /// <summary>An ed25519 public key in ssh's form; nobody has its private key.</summary>
    private static string FakeHostKey(string id)
    {
        ReadOnlySpan<byte> head = [0, 0, 0, 11, .. "ssh-ed25519"u8, 0, 0, 0, 32];
        return "ssh-ed25519 " + Convert.ToBase64String([.. head, .. SHA256.HashData(Encoding.UTF8.GetBytes(id))]);
    }
}
