using Microsoft.Extensions.Logging;
using Nodepool.Core.Config;
using Nodepool.Core.Images;
using Nodepool.Core.Model;
using Nodepool.Core.Providers;
using Nodepool.Core.Reconciling;
using Nodepool.Core.State;
using Nodepool.Core.View;

namespace Nodepool.Core.Imaging;

/// <summary>
/// One upload: record, verified files, provider, hook, record. The record is there before the provider is asked and says afterwards why it
/// failed; what a failed one has left at the provider belongs to no record and is collected as a leak. One that has lost its builder is taken up
/// where the provider has the whole image; nothing is resumed in the middle: the next try sends the file again, as another upload.
/// </summary>
internal sealed partial class UploadRun(
    BuilderContext context, IBuildFiles files, ProviderSet providers, NodepoolConfig config, ILease lease, UploadOrder order, ILogger logger)
{
    private readonly string _image = order.Build.Image;
    private readonly string _build = order.Build.Id;
    private readonly string _provider = order.Provider.Name;
    private readonly UploadContent _content = new(files, config, order);
    private string _path = "";
    private ImageUploadRecord _record = new() { State = ImageState.Uploading, StateTime = 0 };

    private string Id => NodepoolPaths.NameOf(_path);

    /// <summary>Runs the upload to its end.</summary>
    public async Task RunAsync(CancellationToken ct)
    {
        await CreateAsync(ct);
        LogStarted(logger, _image, _build, _provider, Id, order.Attempt);
        await EndAsync(SendAsync, ct);
    }

    /// <summary>Ends an upload that has lost its builder: with the image that the provider has, or else as interrupted, and nothing of it is left there.</summary>
    /// <param name="lost">The upload.</param>
    /// <param name="ct">Ends it; the record then stays as it is.</param>
    /// <exception cref="ProviderException">The provider cannot tell now.</exception>
    public async Task TakeUpAsync(UploadView lost, CancellationToken ct)
    {
        (_path, _record) = (lost.Path, lost.Record!);
        _record = _record with { ExternalName = _record.ExternalName ?? _content.Name(Id, _record.StateTime) };
        await using var opened = providers.Use(order.Provider);
        var images = opened.Provider as IImageProvider;
        if (images is not null && await TryVerifyAsync(ct) is { } upload && await images.RecoverImageAsync(upload, ct) is { } externalId)
        {
            LogFound(logger, _image, _build, _provider, Id, externalId);
            await EndAsync(token => AcceptAsync(upload, externalId, images, token), ct);
            return;
        }

        LogLost(logger, _image, _build, Id, _provider);
        await StoreAsync(UploadRecovery.Interrupted(_record, UploadRecovery.BuilderDied, context.Sources.UnixNow), ct);
    }

    /// <param name="bring">Brings the image to the provider and returns its id there.</param>
    /// <param name="ct">Stops us.</param>
    private async Task EndAsync(Func<CancellationToken, ValueTask<string>> bring, CancellationToken ct)
    {
        using var timeout = new CancellationTokenSource(order.Provider.UploadTimeout, context.Sources.Time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(ct, timeout.Token);
        ImageUploadRecord ended;
        try
        {
            var externalId = await bring(either.Token);
            ended = _record with { State = ImageState.Ready, StateTime = context.Sources.UnixNow, ExternalId = externalId, Settings = null, Progress = null };
            LogReady(logger, _image, _build, _provider, Id, ended.StateTime - _record.StateTime);
        }
        catch (OperationCanceledException) when (ct.IsCancellationRequested)
        {
            await InterruptAsync();
            throw;
        }
        catch (OperationCanceledException)
        {
            ended = Failed(timeout.IsCancellationRequested
                ? $"not done after {order.Provider.UploadTimeout.TotalSeconds:0} s (image-upload-timeout)"
                : "the provider did not answer in time");
        }
        catch (Exception e) when (e is not StateException)
        {
            // Whatever a driver fails with, the record has to say so: nobody else will.
            ended = Failed(e.Message);
        }

        // Whoever asks us to stop now waits for this one commit: what was done must not be forgotten.
        await StoreAsync(ended, CancellationToken.None);
    }

    /// <summary>
    /// Stopped by us: nothing has failed. What cannot be said now is seen by whoever looks for lost uploads; so is an image that is whole already, which
    /// waits for its hook only.
    /// </summary>
    private async ValueTask InterruptAsync()
    {
        if (_record.ExternalId is not null)
        {
            return;
        }

        try
        {
            await StoreAsync(UploadRecovery.Interrupted(_record, "the builder was stopped in the middle of the upload", context.Sources.UnixNow), CancellationToken.None);
        }
        catch (StateException)
        {
            // The lock is lost, or the store is away.
        }
    }

    private async ValueTask CreateAsync(CancellationToken ct)
    {
        var build = order.Build.Record!;
        _record = _record with
        {
            StateTime = context.Sources.UnixNow,
            Format = string.Join(',', order.Provider.ImageFormats),
            Username = build.Username,
            PythonPath = build.PythonPath,
            ShellType = build.ShellType,
            Attempt = order.Attempt,
            Settings = order.Settings,
        };
        var prefix = NodepoolPaths.Uploads(_image, _build, _provider) + "/";
        var isNotWithdrawn = new Write.Check(NodepoolPaths.Build(_image, _build), order.Build.Version);
        var created = await context.Engine.CommitAsync([Fence, isNotWithdrawn, new Write.Create(prefix, _record.Write(), CreateModes.Sequential)], ct);
        _path = created.Created[0];
        _record = _record with
        {
            ExternalName = _content.Name(Id, _record.StateTime),
        };
    }

    private async ValueTask<string> SendAsync(CancellationToken ct)
    {
        var upload = await _content.VerifyAsync(Id, _record.ExternalName!, ct);
        await using var opened = providers.Use(order.Provider);
        if (opened.Provider is not IImageProvider images)
        {
            throw new ProviderException(ProviderFault.Rejected, $"driver {order.Provider.Driver} takes no images");
        }

        var externalId = await UploadProgress.WatchAsync(
            progress => images.UploadImageAsync(upload, progress, ct), StoreProgressAsync, context.Sources.Time, ct);
        return await AcceptAsync(upload, externalId, images, ct);
    }

    private async ValueTask<string> AcceptAsync(ImageUploadOrder upload, string externalId, IImageProvider images, CancellationToken ct)
    {
        if (order.Provider.PostUploadHook is { } hook)
        {
            await AskHookAsync(new PostUploadOrder(hook, _provider, externalId, upload.Files[order.Provider.ImageFormats[0]]), images, ct);
        }

        return externalId;
    }

    /// <summary>Null when the files no longer tell what the image should be.</summary>
    private async ValueTask<ImageUploadOrder?> TryVerifyAsync(CancellationToken ct)
    {
        try
        {
            return await _content.VerifyAsync(Id, _record.ExternalName!, ct);
        }
        catch (ImageBuildException)
        {
            return null;
        }
    }

    /// <summary>The image's id is stored before the hook runs: whatever becomes of us, it is deleted with the record.</summary>
    private async ValueTask AskHookAsync(PostUploadOrder hook, IImageProvider images, CancellationToken ct)
    {
        _record = _record with { ExternalId = hook.ExternalId, Progress = null };
        await StoreAsync(_record, ct);
        try
        {
            await context.Hook.RunAsync(hook, ct);
        }
        catch (PostUploadException)
        {
            await TakeBackAsync(hook.ExternalId, images, ct);
            throw;
        }
    }

    private async ValueTask TakeBackAsync(string externalId, IImageProvider images, CancellationToken ct)
    {
        try
        {
            await images.DeleteImageAsync(externalId, ct);
            _record = _record with { ExternalId = null };
        }
        catch (ProviderException e)
        {
            // The record keeps the id, by which retention goes on trying.
            LogRemains(logger, _image, _build, _provider, externalId, e.Message);
        }
    }

    private async ValueTask StoreProgressAsync(double share, CancellationToken ct)
    {
        _record = _record with { Progress = Math.Round(Math.Clamp(share, 0, 1), 3) };
        try
        {
            await StoreAsync(_record, ct);
        }
        catch (StateException)
        {
            // Nothing to lose an upload for. When the record is no longer ours, the lock's end stops it.
        }
    }

    private async ValueTask StoreAsync(ImageUploadRecord record, CancellationToken ct) =>
        await context.Engine.CommitAsync([Fence, new Write.Set(_path, record.Write(), Write.AnyVersion)], ct);

    private ImageUploadRecord Failed(string reason)
    {
        LogFailed(logger, _image, _build, _provider, Id, reason);
        return _record with { State = ImageState.Failed, StateTime = context.Sources.UnixNow, Failure = reason, Progress = null };
    }

    private Write Fence => new Write.Check(lease.Path, Write.AnyVersion);

    [LoggerMessage(Level = LogLevel.Information, Message = "Image {Image} build {Build}: upload {Upload} to provider {Provider} started, try {Attempt}")]
    private static partial void LogStarted(ILogger logger, string image, string build, string provider, string upload, int attempt);

    [LoggerMessage(Level = LogLevel.Information, Message = "Image {Image} build {Build}: upload {Upload} to provider {Provider} ready after {Seconds:0} s")]
    private static partial void LogReady(ILogger logger, string image, string build, string provider, string upload, double seconds);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Image {Image} build {Build}: {ExternalId} cannot be deleted at provider {Provider} now: {Reason}")]
    private static partial void LogRemains(ILogger logger, string image, string build, string provider, string externalId, string reason);

    [LoggerMessage(Level = LogLevel.Error, Message = "Image {Image} build {Build}: upload {Upload} to provider {Provider} failed: {Reason}")]
    private static partial void LogFailed(ILogger logger, string image, string build, string provider, string upload, string reason);

    [LoggerMessage(Level = LogLevel.Information, Message = "Image {Image} build {Build}: upload {Upload} to provider {Provider} had lost its builder, and is found there again as {ExternalId}")]
    private static partial void LogFound(ILogger logger, string image, string build, string provider, string upload, string externalId);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Image {Image} build {Build}: upload {Upload} to provider {Provider} has failed: its builder ended in the middle of it")]
    private static partial void LogLost(ILogger logger, string image, string build, string upload, string provider);
}
