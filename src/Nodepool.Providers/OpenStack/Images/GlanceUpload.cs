using System.Net;
using System.Text;
using Microsoft.Extensions.Logging;
using Nodepool.Core;
using Nodepool.Core.Images;
using Nodepool.Core.Providers;
using Nodepool.Providers.OpenStack.Access;

namespace Nodepool.Providers.OpenStack.Images;

/// <summary>One upload: make the image, send the data, wait until it is active, compare sums.</summary>
internal sealed partial class GlanceUpload(ICloudApi api, GlanceImages images, ImageUploadOrder order, ImageFile file, Sources sources, ILogger logger)
{
    private const string ImportMethod = "glance-direct";

    /// <summary>What a service says that does not take data directly.</summary>
    private static readonly HttpStatusCode[] NotDirectly =
        [HttpStatusCode.Forbidden, HttpStatusCode.NotFound, HttpStatusCode.MethodNotAllowed, HttpStatusCode.Gone, HttpStatusCode.NotImplemented];

    private static readonly byte[] ImportOrder = Encoding.ASCII.GetBytes("{\"method\": {\"name\": \"" + ImportMethod + "\"}}");

    private static readonly TimeSpan FirstStep = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan LastStep = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan CleanUpLimit = TimeSpan.FromSeconds(20);

    /// <summary>Runs it.</summary>
    /// <returns>The id of the image.</returns>
    public async Task<string> RunAsync(TimeSpan limit, IProgress<double> progress, CancellationToken ct)
    {
        using var deadline = new CancellationTokenSource(limit, sources.Time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(deadline.Token, ct);
        var (id, methods) = await CreateAsync(either.Token).ConfigureAwait(false);
        try
        {
            await SendAsync(id, methods, limit, progress, either.Token).ConfigureAwait(false);
            var image = await WaitAsync(id, either.Token).ConfigureAwait(false);
            if (await file.CompareAsync(image, either.Token).ConfigureAwait(false) is { } difference)
            {
                throw new ProviderException(ProviderFault.Unavailable, $"image {order.ExternalName} ({id}): {difference}; it is deleted and tried again");
            }

            progress.Report(1);
            return id;
        }
        catch (Exception e)
        {
            await CleanUpAsync(id).ConfigureAwait(false);
            if (e is OperationCanceledException && !ct.IsCancellationRequested)
            {
                throw new ProviderException(
                    ProviderFault.Unavailable, $"image {order.ExternalName} ({id}): not active within {limit.TotalSeconds:0} seconds; give it more time with 'image-upload-timeout', or see Glance's logs", e);
            }

            throw;
        }
    }

    private async Task<(string Id, string[] Methods)> CreateAsync(CancellationToken ct)
    {
        var call = new CloudCall(CloudService.Image, HttpMethod.Post, "images") { Json = NewImage.Write(order.ExternalName, file.Format, order.Metadata) };
        try
        {
            var answer = await api.SendAsync(call, ct).ConfigureAwait(false);
            return (answer.Read(GlanceJson.Default.GlanceImage).Id, MethodsOf(answer));
        }
        catch (ProviderException e) when (e.Fault == ProviderFault.Unavailable)
        {
            // It may be there although its answer is lost. Nobody else makes one of this name: the next attempt would only have to delete it.
            var made = (await images.FindLeftoversAsync(order, ct).ConfigureAwait(false)).FirstOrDefault(image => image.Status == "queued");
            if (made is null)
            {
                throw;
            }

            return (made.Id, []);
        }
    }

    private async Task SendAsync(string id, string[] methods, TimeSpan limit, IProgress<double> progress, CancellationToken ct)
    {
        var access = await api.GetAccessAsync(ct).ConfigureAwait(false);
        var canImport = methods.Contains(ImportMethod);
        if (!(canImport && access.PrefersImport))
        {
            var answer = await PutAsync(id, "file", canImport ? NotDirectly : [], limit, progress, ct).ConfigureAwait(false);
            if (answer is null or { IsSuccess: true })
            {
                return;
            }

            LogImport(order.ExternalName, id, answer.Message);
        }

        await PutAsync(id, "stage", [], limit, progress, ct).ConfigureAwait(false);
        await api.SendAsync(
            new CloudCall(CloudService.Image, HttpMethod.Post, $"images/{id}/import") { Json = ImportOrder }, ct).ConfigureAwait(false);
    }

    /// <summary>Sends the data, once: a second time would find the image in the middle of the first.</summary>
    /// <returns>The answer; null when it is lost, so that only the state of the image can tell.</returns>
    private async Task<CloudAnswer?> PutAsync(string id, string part, HttpStatusCode[] expected, TimeSpan limit, IProgress<double> progress, CancellationToken ct)
    {
        try
        {
            return await api.SendAsync(
                new CloudCall(CloudService.Image, HttpMethod.Put, $"images/{id}/{part}")
                {
                    Content = file.Content(progress),
                    Timeout = limit,
                    IsRepeatable = false,
                    Expected = [.. expected],
                },
                ct).ConfigureAwait(false);
        }
        catch (ProviderException e) when (e.Fault == ProviderFault.Unavailable && part == "file" && file.IsSent)
        {
            var image = await LookAsync(id, ct).ConfigureAwait(false);
            if (image.Status is not ("saving" or "active"))
            {
                throw;
            }

            return null;
        }
    }

    private async Task<GlanceImage> WaitAsync(string id, CancellationToken ct)
    {
        for (var step = FirstStep; ; step = step * 2 < LastStep ? step * 2 : LastStep)
        {
            var image = await LookAsync(id, ct).ConfigureAwait(false);
            switch (image.Status)
            {
                case "active":
                    return image;
                case "killed" or "deleted" or "pending_delete" or "deactivated":
                    throw new ProviderException(ProviderFault.Unavailable, $"image {order.ExternalName} ({id}): Glance has given it up (status {image.Status}); its logs say why");
                case "queued" or "importing" or "uploading" when image.FailedImport is { Length: > 0 } store:
                    throw new ProviderException(ProviderFault.Unavailable, $"image {order.ExternalName} ({id}): the import into {store} has failed; Glance's logs say why");
                case "queued":
                    // An import that has failed leaves it so, and direct data that came whole never does.
                    throw new ProviderException(ProviderFault.Unavailable, $"image {order.ExternalName} ({id}): Glance did not keep the data; its logs say why");
            }

            await Task.Delay(step, sources.Time, ct).ConfigureAwait(false);
        }
    }

    private async Task<GlanceImage> LookAsync(string id, CancellationToken ct) =>
        (await api.SendAsync(CloudCall.Get(CloudService.Image, $"images/{id}"), ct).ConfigureAwait(false)).Read(GlanceJson.Default.GlanceImage);

    private static string[] MethodsOf(CloudAnswer answer) =>
        answer.Header("OpenStack-image-import-methods")?.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries) ?? [];

    /// <summary>Also when the process is about to end, so not for long; what stays is found by its metadata.</summary>
    private async Task CleanUpAsync(string id)
    {
        using var limit = new CancellationTokenSource(CleanUpLimit, sources.Time);
        try
        {
            await images.DeleteAsync(id, limit.Token).ConfigureAwait(false);
        }
        catch (Exception e) when (e is ProviderException or OperationCanceledException)
        {
            LogLeft(order.ExternalName, id, e.Message);
        }
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "Image {Name} ({Id}): the cloud takes no data directly, it is imported: {Reason}")]
    private partial void LogImport(string name, string id, string reason);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Image {Name} ({Id}): what the failed upload has left could not be deleted; the next attempt or the search for leaks will: {Reason}")]
    private partial void LogLeft(string name, string id, string reason);
}
