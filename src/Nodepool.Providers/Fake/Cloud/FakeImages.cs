using Nodepool.Core;
using Nodepool.Core.Collections;
using Nodepool.Core.Providers;

namespace Nodepool.Providers.Fake.Cloud;

/// <summary>The images of a <see cref="FakeCloud"/>; used under its lock only.</summary>
internal sealed class FakeImages(Sources sources)
{
    private readonly Dictionary<string, FakeImage> _byId = [];

    public IEnumerable<FakeImage> All => _byId.Values;

    public bool IsReady(string id) => _byId.GetValueOrDefault(id) is { IsReady: true };

    public FakeImage Begin(string name, ValueMap<string> metadata)
    {
        if (_byId.Values.Any(other => other.Name == name))
        {
            throw new ProviderException(ProviderFault.Rejected, $"the cloud already has an image named '{name}': delete it first");
        }

        var begun = new FakeImage(sources.Ids.NewId(), name, metadata, IsReady: false);
        _byId.Add(begun.Id, begun);
        return begun;
    }

    public FakeImage Finish(string id) => _byId.TryGetValue(id, out var image)
        ? _byId[id] = image with { IsReady = true }
        : throw new ProviderException(ProviderFault.NotFound, $"image '{id}' was deleted while it was uploaded: upload it again");

    public bool Delete(string id) => _byId.Remove(id);
}
