using Microsoft.Extensions.Logging;
using Nodepool.Core.Collections;
using Nodepool.Core.Config;
using Nodepool.Core.Images;
using Nodepool.Core.Model;
using Nodepool.Core.Providers;
using Nodepool.Core.Reconciling;
using Nodepool.Core.State;

namespace Nodepool.Core.Imaging;

/// <summary>
/// Runs the uploads that <see cref="UploadPlanner"/> wants, each under the lock of its build and provider. An upload goes on with what it began
/// with; a change of the file does not end it.
/// </summary>
internal sealed partial class UploadReconciler(
    BuilderContext context, IBuildFiles files, Func<NodepoolConfig> currentConfig, ProviderSet providers, WakeSignal wake, CancellationToken work) : IReconciler, IAsyncDisposable
{
    private static readonly TimeSpan Fallback = TimeSpan.FromSeconds(30);

    private readonly ILogger _logger = context.Loggers.CreateLogger("uploads");
    private readonly WorkSet _works = new(wake, context.Sources, context.Loggers.CreateLogger("uploads"), work);

    public string Name => "uploads";

    public async ValueTask<TimeSpan> ReconcileAsync(CancellationToken ct)
    {
        var view = await context.Feed.AtLeastAsync(0, ct);
        var now = context.Sources.UnixNow;
        var config = currentConfig();
        var plan = UploadPlanner.Plan(view, config, files.BuilderId, now);
        foreach (var order in plan.Orders)
        {
            if (_works.Running >= context.Options.UploadWorkers)
            {
                break;
            }

            _works.Ensure($"{order.Build.Image} {order.Build.Id} to {order.Provider.Name}", (_, token) => UploadAsync(order, config, token));
        }

        return _works.NextPass(Fallback, plan.NextDue is { } next ? TimeSpan.FromSeconds(Math.Max(0, next - now)) : null);
    }

    public async ValueTask DisposeAsync() => await _works.DrainAsync();

    private async Task<WorkResult> UploadAsync(UploadOrder order, NodepoolConfig config, CancellationToken ct)
    {
        var (image, build, provider) = (order.Build.Image, order.Build.Id, order.Provider.Name);
        await using var lease = await context.Engine.TryLockAsync(NodepoolPaths.UploadsLock(image, build, provider), new LockOptions(context.Options.Hostname), ct);
        if (lease is null)
        {
            return WorkResult.TryLater;
        }

        // Decided anew under the lock: another builder that shares the disk may just have done it.
        var view = await context.Feed.AtLeastAsync(lease.Position, ct);
        var stored = view.Image(image);
        if (stored.Builds.GetValueOrDefault(build)?.Record?.State != ImageState.Ready
            || stored.Uploads.Values.Any(upload => upload.Build == build && upload.Provider == provider && upload.Record?.State == ImageState.Ready))
        {
            return WorkResult.Done;
        }

        using var linked = CancellationTokenSource.CreateLinkedTokenSource(ct, lease.Lost);
        var record = new ImageUploadRecord
        {
            State = ImageState.Uploading,
            StateTime = context.Sources.UnixNow,
            Format = string.Join(',', order.Provider.ImageFormats),
            Username = order.Build.Record!.Username,
            PythonPath = order.Build.Record.PythonPath,
            ShellType = order.Build.Record.ShellType,
        };
        var created = await context.Engine.CommitAsync(
            [Fence(lease), new Write.Create(NodepoolPaths.Uploads(image, build, provider) + "/", record.Write(), CreateModes.Sequential)], linked.Token);
        await SendAsync(order, config, created.Created[0], record, lease, linked.Token);
        return WorkResult.Done;
    }

    private async ValueTask SendAsync(UploadOrder order, NodepoolConfig config, string path, ImageUploadRecord record, ILease lease, CancellationToken ct)
    {
        var (image, build, provider, upload) = (order.Build.Image, order.Build.Id, order.Provider.Name, NodepoolPaths.NameOf(path));
        var name = $"{image}-{build[..Math.Min(8, build.Length)]}-{upload}";
        LogStarted(_logger, image, build, provider, upload);
        ImageUploadRecord next;
        try
        {
            var found = files.Find(image, build);
            var missing = order.Provider.ImageFormats.FirstOrDefault(format => !found.ContainsKey(format));
            if (missing is not null)
            {
                throw new ProviderException(ProviderFault.Rejected, $"the build's {missing} file is missing from images-dir");
            }

            await using var opened = providers.Use(order.Provider);
            if (opened.Provider is not IImageProvider images)
            {
                throw new ProviderException(ProviderFault.Rejected, $"driver {order.Provider.Driver} takes no images");
            }

            var sent = new ImageUploadOrder(image, name, order.Provider.ImageFormats.ToDictionary(format => format, format => found[format]), Metadata(order, config, upload));
            var externalId = await images.UploadImageAsync(sent, new Progress(), ct);
            next = record with { State = ImageState.Ready, StateTime = context.Sources.UnixNow, ExternalId = externalId, ExternalName = name };
            LogReady(_logger, image, build, provider, upload, next.StateTime - record.StateTime);
        }
        catch (ProviderException e)
        {
            next = record with { State = ImageState.Failed, StateTime = context.Sources.UnixNow, ExternalName = name, Failure = e.Message };
            LogFailed(_logger, image, build, provider, upload, e.Message);
        }

        await context.Engine.CommitAsync([Fence(lease), new Write.Set(path, next.Write(), Write.AnyVersion)], ct);
    }

    private static Write Fence(ILease lease) => new Write.Check(lease.Path, Write.AnyVersion);

    private static ValueMap<string> Metadata(UploadOrder order, NodepoolConfig config, string upload) => new(
    [
        .. config.FindDiskImage(order.Build.Image)?.Metadata ?? ValueMap<string>.Empty,
        .. order.Image.Meta,
        new(ImageMetadata.BuildId, order.Build.Id),
        new(ImageMetadata.UploadId, upload),
        new(NodeMetadata.ProviderName, order.Provider.Name),
    ]);

    [LoggerMessage(Level = LogLevel.Information, Message = "Image {Image} build {Build}: upload {Upload} to provider {Provider} started")]
    private static partial void LogStarted(ILogger logger, string image, string build, string provider, string upload);

    [LoggerMessage(Level = LogLevel.Information, Message = "Image {Image} build {Build}: upload {Upload} to provider {Provider} ready after {Seconds:0} s")]
    private static partial void LogReady(ILogger logger, string image, string build, string provider, string upload, double seconds);

    [LoggerMessage(Level = LogLevel.Error, Message = "Image {Image} build {Build}: upload {Upload} to provider {Provider} failed: {Reason}")]
    private static partial void LogFailed(ILogger logger, string image, string build, string provider, string upload, string reason);

    /// <summary>Nobody looks at the share that is done yet; the started and ready lines are what people see.</summary>
    private sealed class Progress : IProgress<double>
    {
        public void Report(double value)
        {
        }
    }
}
