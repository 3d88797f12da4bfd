using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;
using Nodepool.Core.Config;
using Nodepool.Core.Model;
using Nodepool.Core.Providers;
using Nodepool.Core.Reconciling;
using Nodepool.Core.State;
using Nodepool.Core.View;

namespace Nodepool.Core.Imaging;

/// <summary>Deletes uploads at their providers and in the records, in the order in which nobody can be misled: mark, delete, forget.</summary>
internal sealed partial class UploadDeletion(BuilderContext context, Func<string, ProviderConfig?> sectionOf, ProviderSet providers, RecordRemoval records, ILogger logger)
{
    private static readonly TimeSpan FirstDelay = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan LongestDelay = TimeSpan.FromMinutes(5);

    private readonly ConcurrentDictionary<string, (int Failures, DateTimeOffset NotBefore)> _delayed = new(StringComparer.Ordinal);

    /// <summary>Whether a provider that refused to delete it is to be left in peace for now.</summary>
    public bool IsDelayed(UploadView upload) => _delayed.TryGetValue(upload.Path, out var delayed) && delayed.NotBefore > context.Sources.Time.GetUtcNow();

    /// <summary>Deletes an upload with its record, unless the records have changed since that was decided.</summary>
    public async Task<WorkResult> RunAsync(Removal<UploadView> removal, CancellationToken ct)
    {
        var upload = removal.Item;
        var version = upload.Version;
        if (upload.Record is { State: not ImageState.Deleting } record)
        {
            // Said before it is done: no launcher starts another node from it.
            var deleting = record with { State = ImageState.Deleting, StateTime = context.Sources.UnixNow };
            if (!await records.TryAsync([.. removal.Fence, new Write.Set(upload.Path, deleting.Write(), version)], ct))
            {
                return WorkResult.Done;
            }

            version++;
        }

        if (await TryDeleteAsync(upload, ct) && await records.RemoveTreeAsync(upload.Path, version, ct))
        {
            LogUploadGone(logger, upload.Image, upload.Build, upload.Provider, upload.Id);
        }

        return WorkResult.Done;
    }

    /// <summary>Deletes what a failed upload has left at the provider; its record stays.</summary>
    public async Task<WorkResult> CleanAsync(UploadView upload, CancellationToken ct)
    {
        if (await TryDeleteAsync(upload, ct))
        {
            await records.TryAsync([new Write.Set(upload.Path, (upload.Record! with { ExternalId = null }).Write(), upload.Version)], ct);
        }

        return WorkResult.Done;
    }

    private async ValueTask<bool> TryDeleteAsync(UploadView upload, CancellationToken ct)
    {
        try
        {
            if (upload.Record?.ExternalId is { } externalId)
            {
                if (sectionOf(upload.Provider) is not { } provider)
                {
                    // Taken out of the file since that was decided: whoever ends what is left there does it.
                    return false;
                }

                await using var opened = providers.Use(provider);
                await (opened.Provider is IImageProvider images ? images.DeleteImageAsync(externalId, ct) : ValueTask.CompletedTask);
            }

            _delayed.TryRemove(upload.Path, out _);
            return true;
        }
        catch (ProviderException e)
        {
            var failures = _delayed.GetValueOrDefault(upload.Path).Failures + 1;
            var delay = Backoff.Delay(failures, FirstDelay, LongestDelay, context.Sources.Random.NextDouble());
            _delayed[upload.Path] = (failures, context.Sources.Time.GetUtcNow() + delay);
            LogCannotDelete(logger, upload.Image, upload.Build, upload.Provider, e.Fault, e.Message, delay);
            return false;
        }
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "Image {Image} build {Build}: upload {Upload} to provider {Provider} deleted")]
    private static partial void LogUploadGone(ILogger logger, string image, string build, string provider, string upload);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Image {Image} build {Build} cannot be deleted at provider {Provider} now: {Fault}: {Reason}; next try in {Delay}")]
    private static partial void LogCannotDelete(ILogger logger, string image, string build, string provider, ProviderFault fault, string reason, TimeSpan delay);
}
