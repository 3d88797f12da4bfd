using Microsoft.Extensions.Logging;
using Nodepool.Core;
using Nodepool.Core.Collections;
using Nodepool.Core.Config;
using Nodepool.Core.Images;
using Nodepool.Core.Providers;
using Nodepool.Providers.Local.Images;
using Nodepool.Providers.Local.Instances;

namespace Nodepool.Providers.Local;

/// <summary>
/// This host as a provider. Its directory is the cloud's database: every instance is recorded there before anything of it exists, so
/// a restarted program finds all of them, and several processes may use one directory.
/// </summary>
internal sealed class LocalProvider : IProvider, IImageProvider, IConsoleProvider
{
    private readonly ProviderConfig _config;
    private readonly LocalPaths _paths;
    private readonly InstanceStore _instances;
    private readonly ImageStore _images;
    private readonly MachineKinds _kinds;
    private readonly LocalLaunch _launch;

    public LocalProvider(ProviderConfig config, DriverContext context, LocalPrograms programs)
    {
        var time = context.Sources.Time;
        _config = config;
        _paths = new LocalPaths(Path.GetFullPath(context.Directory));
        _instances = new InstanceStore(_paths, time);
        var bootFiles = new BootFiles(programs, time);
        _images = new ImageStore(_paths, _instances, new ImageImport(bootFiles, context.Sources, context.Loggers.CreateLogger<ImageImport>()), time);
        _kinds = new MachineKinds(_paths, programs, bootFiles, context);
        _launch = new LocalLaunch(_paths, config, _instances, _images, _kinds, new NodeKeys(_paths, programs, context.Sources), context);
    }

    public ValueTask<LaunchProgress> AdvanceLaunchAsync(LaunchOrder order, LaunchProgress progress, CancellationToken ct) =>
        LocalFaults.TranslateAsync(_paths.Root, () => _launch.AdvanceAsync(order, progress, ct));

    public ValueTask<DeleteProgress> AdvanceDeleteAsync(DeleteOrder order, CancellationToken ct) =>
        LocalFaults.TranslateAsync(_paths.Root, async () =>
        {
            foreach (var token in ((string?[])[order.ExternalId, order.Token]).OfType<string>().Distinct(StringComparer.Ordinal))
            {
                await RemoveInstanceAsync(token, ct);
            }

            return DeleteProgress.Gone;
        });

    public IAsyncEnumerable<CloudResource> ListResourcesAsync(CancellationToken ct)
    {
        var instances = from each in _instances.List()
                        select new CloudResource(
                            CloudResource.InstanceType, each.Token, each.Record?.Tags() ?? Ours(each.Token), each.Record?.Cost ?? Quota.Of((Quota.Instances, 1)))
                        {
                            Name = each.Record?.Hostname,
                            Address = each.Record?.Address,
                            IsRunning = each.Record is { } known && _kinds.Find(known.Kind)?.Find(_paths.Instance(each.Token)) is not null,
                        };
        var images = from each in _images.List()
                     select new CloudResource(
                         CloudResource.ImageType, each.Name, each.Record is { } record ? new ValueMap<string>(record.Metadata) : Ours(each.Name), Quota.Zero)
                     { Name = each.Name };
        return instances.Concat(images).ToAsyncEnumerable();
    }

    public ValueTask DeleteResourceAsync(CloudResource resource, CancellationToken ct) =>
        resource.Type == CloudResource.ImageType ? DeleteImageAsync(resource.ExternalId, ct) : DoAsync(() => RemoveInstanceAsync(resource.ExternalId, ct));

    public ValueTask<Quota> GetLimitsAsync(ProviderConfig section, CancellationToken ct) => LocalFaults.TranslateAsync(_paths.Root, () => ValueTask.FromResult(HostCapacity.Read()));

    public Quota GetCost(PoolConfig pool, PoolLabelConfig label) => HostCapacity.Cost(LocalLaunch.OptionsOf(label));

    public ValueTask<string> UploadImageAsync(ImageUploadOrder order, IProgress<double> progress, CancellationToken ct) =>
        LocalFaults.TranslateAsync(_paths.Images, () => _images.ImportAsync(order, progress, ct));

    public ValueTask<string?> RecoverImageAsync(ImageUploadOrder order, CancellationToken ct) =>
        LocalFaults.TranslateAsync(_paths.Images, () => _images.RecoverAsync(order, ct));

    public ValueTask DeleteImageAsync(string externalId, CancellationToken ct) => DoAsync(() => _images.DeleteAsync(externalId, ct));

    public ValueTask<string?> GetConsoleLogAsync(string externalId, CancellationToken ct) => LocalFaults.TranslateAsync(
        _paths.Root,
        async () => _instances.Read(externalId) is { } record && _kinds.Find(record.Kind) is { } kind
            ? await kind.ConsoleAsync(_paths.Instance(externalId), ct)
            : null);

    public ValueTask DisposeAsync()
    {
        _kinds.Dispose();
        return ValueTask.CompletedTask;
    }

    /// <summary>What lies here without a readable record is ours all the same: listed so, it is found as a leak.</summary>
    private ValueMap<string> Ours(string name) => new([new(NodeMetadata.ProviderName, _config.Name), new(NodeMetadata.Token, name)]);

    private async ValueTask DoAsync(Func<ValueTask> step) => await LocalFaults.TranslateAsync(_paths.Root, async () =>
    {
        await step();
        return true;
    });

    private async ValueTask RemoveInstanceAsync(string token, CancellationToken ct)
    {
        if (!_instances.Exists(token))
            return;
        using var held = await _instances.LockAsync(token, ct);
        // Without a record nobody knows its kind; asking all of them costs little.
        var record = _instances.Read(token);
        if (record is not null && _kinds.Find(record.Kind) is null)
            throw new ProviderException(
                ProviderFault.Unavailable, $"The instance {token} is of kind '{record.Kind}', which this version of the program cannot stop; start the version that made it");
        foreach (var kind in _kinds.All.Where(kind => record is null || record.Kind == kind.Name))
        {
            await kind.StopAsync(_paths.Instance(token), ct);
        }

        await _instances.RemoveAsync(token, ct);
    }
}
