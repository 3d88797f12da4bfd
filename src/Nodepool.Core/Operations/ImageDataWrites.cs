using System.Globalization;
using Nodepool.Core.Model;
using Nodepool.Core.State;

namespace Nodepool.Core.Operations;

/// <summary>
/// The writes that put image data into a store. A builder lets the store number its uploads, by a counter that belongs to their parent
/// and counts what was made below it; so an upload is not simply made under its number, but the counter is moved up to it, by entries that
/// take the numbers in between and go again in the same commit.
/// </summary>
internal sealed class ImageDataWrites(IStateEngine engine, IReadOnlyDictionary<string, Entry> stored)
{
    /// <summary>So many uploads of one build to one provider are never made; a gap beyond it is not worth filling.</summary>
    private const int MostNumbers = 1000;

    /// <summary>For the entries of one image, in the order of their paths.</summary>
    public async ValueTask<IReadOnlyList<Write>> OfAsync(IEnumerable<KeyValuePair<string, string>> entries, CancellationToken ct)
    {
        var writes = new List<Write>();
        foreach (var group in entries.GroupBy(entry => ImageDataPath.Parse(entry.Key)!.Parent))
        {
            var data = group.ToDictionary(entry => entry.Key, entry => ImageDataFile.ToBytes(entry.Value), StringComparer.Ordinal);
            writes.AddRange(group.Key is { } parent ? await UploadsAsync(parent, data, ct) : data.Select(entry => Put(entry.Key, entry.Value)));
        }

        return writes;
    }

    private Write Put(string path, ReadOnlyMemory<byte> data) =>
        stored.TryGetValue(path, out var entry) ? new Write.Set(path, data, entry.Version) : new Write.Create(path, data, CreateModes.Persistent);

    private async ValueTask<IReadOnlyList<Write>> UploadsAsync(string parent, Dictionary<string, ReadOnlyMemory<byte>> data, CancellationToken ct)
    {
        var last = data.Keys.Max(path => ImageDataPath.Parse(path)!.Number);
        var next = await NextNumberAsync(parent, ct);
        var writes = new List<Write>();
        if (last - next >= MostNumbers)
        {
            return [.. data.Select(entry => Put(entry.Key, entry.Value))];
        }

        for (var number = next; number <= last; number++)
        {
            var path = string.Create(CultureInfo.InvariantCulture, $"{parent}/{number:0000000000}");
            writes.Add(new Write.Create(parent + "/", data.GetValueOrDefault(path), CreateModes.Sequential));
            if (!data.ContainsKey(path))
            {
                writes.Add(new Write.Delete(path, 0));
            }
        }

        // After the others, because whatever is made moves the counter.
        writes.AddRange(data.Where(entry => ImageDataPath.Parse(entry.Key)!.Number < next).Select(entry => Put(entry.Key, entry.Value)));
        return writes;
    }

    /// <summary>The number that the next upload would get. A counter shows itself only by what it numbers.</summary>
    private async ValueTask<long> NextNumberAsync(string parent, CancellationToken ct)
    {
        if (!stored.ContainsKey(parent))
        {
            return 0;
        }

        var probe = (await engine.CommitAsync([new Write.Create(parent + "/", default, CreateModes.Sequential)], ct)).Created[0];
        await engine.CommitAsync([new Write.Delete(probe, 0)], ct);
        return long.Parse(NodepoolPaths.NameOf(probe), CultureInfo.InvariantCulture) + 1;
    }
}
