using System.Net;
using System.Runtime.CompilerServices;
using Microsoft.Extensions.Logging;
using Nodepool.Core;
using Nodepool.Core.Images;
using Nodepool.Core.Providers;
using Nodepool.Providers.OpenStack.Access;

namespace Nodepool.Providers.OpenStack.Images;

/// <summary>The images of a project in Glance.</summary>
/// <param name="api">The cloud.</param>
/// <param name="sources">Time and chance.</param>
/// <param name="logger">What happens to uploads.</param>
public sealed class GlanceImages(ICloudApi api, Sources sources, ILogger logger)
{
    private const int PageLength = 200;
    private static readonly string[] Marks = [NodeMetadata.ProviderName, ImageMetadata.BuildId];

    /// <summary>
    /// Makes an image of a file, streamed from disk; private unless the metadata says otherwise. What an earlier attempt under the same name has
    /// left is deleted first, and what this one leaves when it fails.
    /// </summary>
    /// <param name="order">The first of its files is taken, its format is the image's.</param>
    /// <param name="limit">How long it may take until the image is active.</param>
    /// <param name="progress">Gets the share that was sent.</param>
    /// <param name="ct">Ends the upload, and deletes what it has made.</param>
    /// <returns>Glance's id of the image.</returns>
    /// <exception cref="ProviderException">The image is not there; its text says why and what to do.</exception>
    public async ValueTask<string> UploadAsync(ImageUploadOrder order, TimeSpan limit, IProgress<double> progress, CancellationToken ct)
    {
        var file = ImageFile.Find(order);
        foreach (var left in await FindLeftoversAsync(order, ct).ConfigureAwait(false))
        {
            await DeleteAsync(left.Id, ct).ConfigureAwait(false);
        }

        return await new GlanceUpload(api, this, order, file, sources, logger).RunAsync(limit, progress, ct).ConfigureAwait(false);
    }

    /// <summary>What an upload by the same order has left whose process ended: kept when it is active and its sum is that of the file, otherwise deleted.</summary>
    /// <returns>Glance's id of the image; null when there is none, or no sum tells that it is the right one.</returns>
    public async ValueTask<string?> RecoverAsync(ImageUploadOrder order, CancellationToken ct)
    {
        string? whole = null;
        foreach (var left in await FindAsync(order, [.. Marks, ImageMetadata.UploadId], ct).ConfigureAwait(false))
        {
            if (whole is null && left.Status == "active" && await ImageFile.Find(order).IsSameAsync(left, ct).ConfigureAwait(false))
            {
                whole = left.Id;
            }
            else
            {
                await DeleteAsync(left.Id, ct).ConfigureAwait(false);
            }
        }

        return whole;
    }

    /// <summary>Deletes an image; not found is success.</summary>
    /// <exception cref="ProviderException">Unavailable while volumes or servers hold it: try again later.</exception>
    public async ValueTask DeleteAsync(string id, CancellationToken ct) => await api.SendAsync(
        CloudCall.Delete(CloudService.Image, $"images/{Uri.EscapeDataString(id)}") with
        {
            Expected = [HttpStatusCode.NotFound, HttpStatusCode.Gone],
            OnConflict = ProviderFault.Unavailable,
            Priority = CallPriority.Last,
        },
        ct).ConfigureAwait(false);

    /// <summary>All images that belong to the project, with what is stored beside them.</summary>
    public async IAsyncEnumerable<CloudResource> ListAsync([EnumeratorCancellation] CancellationToken ct)
    {
        await foreach (var image in ListAsync("", ct).ConfigureAwait(false))
        {
            yield return new CloudResource(CloudResource.ImageType, image.Id, image.Properties(), Quota.Zero) { Name = image.Name };
        }
    }

    /// <summary>
    /// What earlier uploads of the same build to the same provider under that name have begun and not ended. Names need not be unique: another
    /// build may be on its way under the same.
    /// </summary>
    internal async Task<IReadOnlyList<GlanceImage>> FindLeftoversAsync(ImageUploadOrder order, CancellationToken ct) =>
        [.. (await FindAsync(order, Marks, ct).ConfigureAwait(false)).Where(image => image.Status is not ("active" or "deactivated"))];

    /// <summary>Images of the order's name that bear these of its marks.</summary>
    private async Task<IReadOnlyList<GlanceImage>> FindAsync(ImageUploadOrder order, string[] marks, CancellationToken ct)
    {
        var found = new List<GlanceImage>();
        await foreach (var image in ListAsync($"&name={Uri.EscapeDataString(order.ExternalName)}", ct).ConfigureAwait(false))
        {
            if (image.Name == order.ExternalName && order.Metadata.ContainsKey(NodeMetadata.ProviderName) && marks.All(mark => image.Property(mark) == order.Metadata.GetValueOrDefault(mark)))
            {
                found.Add(image);
            }
        }

        return found;
    }

    private async IAsyncEnumerable<GlanceImage> ListAsync(string filter, [EnumeratorCancellation] CancellationToken ct)
    {
        var access = await api.GetAccessAsync(ct).ConfigureAwait(false);
        var call = CloudCall.Get(CloudService.Image, $"images?limit={PageLength}&owner={access.ProjectId}{filter}") with { Priority = CallPriority.Last };
        while (true)
        {
            var answer = await api.SendAsync(call, ct).ConfigureAwait(false);
            var page = answer.Read(GlanceJson.Default.GlancePage);
            foreach (var image in page.Images ?? [])
            {
                yield return image;
            }

            if (page.Next is not { Length: > 0 } next)
            {
                yield break;
            }

            call = call.Following(next);
        }
    }
}
