using System.Collections.Concurrent;
using System.Net;
using Nodepool.Core.Providers;
using Nodepool.Providers.OpenStack.Access;

namespace Nodepool.Providers.OpenStack.Compute;

/// <summary>Finds the image to boot from: an upload of ours by its id, an image of the cloud by name or id.</summary>
internal sealed class BootImages(ICloudApi api, TimeProvider time)
{
    /// <summary>How long the image of a name is the same: clouds replace theirs by newer ones under the old name.</summary>
    private static readonly TimeSpan Lifetime = TimeSpan.FromMinutes(5);

    private readonly ConcurrentDictionary<string, (string Id, long Found)> _byName = new(StringComparer.Ordinal);

    /// <summary>The id of the image that a node boots from.</summary>
    /// <exception cref="ProviderException"><see cref="ProviderFault.Rejected"/>: the cloud has no such image.</exception>
    public ValueTask<string> FindAsync(LaunchOrder order, CancellationToken ct)
    {
        if (order.Label.CloudImage is not { } label)
        {
            return new(order.ImageExternalId ?? throw new ProviderException(ProviderFault.Rejected, $"label {order.Label.Name} has no image to boot from: give 'diskimage' or 'cloud-image'"));
        }

        return (order.ImageOptions as OpenStackCloudImageOptions) switch
        {
            { ImageId: { } id } => new(id),
            { ImageName: { } name } => KnownAsync(name, isAlsoId: false, ct),
            _ => KnownAsync(label, isAlsoId: true, ct),
        };
    }

    /// <summary>An image that was found here is not there any more.</summary>
    public void Forget() => _byName.Clear();

    private async ValueTask<string> KnownAsync(string name, bool isAlsoId, CancellationToken ct)
    {
        if (_byName.TryGetValue(name, out var known) && time.GetElapsedTime(known.Found) < Lifetime)
        {
            return known.Id;
        }

        var id = await ByNameAsync(name, ct) ?? (isAlsoId ? await ByIdAsync(name, ct) : null) ?? throw new ProviderException(
            ProviderFault.Rejected, $"{(await api.GetAccessAsync(ct)).Title}: image: there is no active image with the name {(isAlsoId ? "or id " : "")}'{name}' that this project sees; correct the element of cloud-images");
        _byName[name] = (id, time.GetTimestamp());
        return id;
    }

    /// <summary>The newest of that name.</summary>
    private async ValueTask<string?> ByNameAsync(string name, CancellationToken ct)
    {
        var call = CloudCall.Get(CloudService.Image, $"images?name={Uri.EscapeDataString(name)}&status=active&sort_key=created_at&sort_dir=desc&limit=1");
        return (await api.SendAsync(call, ct)).Read(ComputeJson.Default.ImagesPage).Images.FirstOrDefault()?.Id;
    }

    private async ValueTask<string?> ByIdAsync(string id, CancellationToken ct)
    {
        var answer = await api.SendAsync(CloudCall.Get(CloudService.Image, $"images/{Uri.EscapeDataString(id)}") with { Expected = [HttpStatusCode.NotFound] }, ct);
        return answer.IsSuccess ? answer.Read(ComputeJson.Default.ImageEntry).Id : null;
    }
}
