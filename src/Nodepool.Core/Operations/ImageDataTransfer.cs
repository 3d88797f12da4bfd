using Nodepool.Core.Model;
using Nodepool.Core.State;

namespace Nodepool.Core.Operations;

/// <summary>Takes image data out of a store and puts it into one: pause flags, builds and uploads, without locks and build requests.</summary>
/// <param name="engine">The store.</param>
public sealed class ImageDataTransfer(IStateEngine engine)
{
    /// <summary>Everything in one commit up to this size, which every engine takes; beyond it, one commit per image.</summary>
    private const int MostBytesAtOnce = 512 * 1024;

    /// <summary>Reads all image data.</summary>
    public async ValueTask<ImageDataExport> ExportAsync(CancellationToken ct)
    {
        var entries = new SortedDictionary<string, string>(StringComparer.Ordinal);
        var leftOut = new List<string>();
        foreach (var entry in await Subtree.ReadAsync(engine, NodepoolPaths.Images, ct))
        {
            if (ImageDataPath.Parse(entry.Path) is not { } place || (entry.Data.IsEmpty && !place.IsPause))
            {
                continue;
            }

            if (ImageDataFile.ToText(entry.Path, entry.Data.Span) is { } text)
            {
                entries.Add(entry.Path, text);
            }
            else
            {
                leftOut.Add(entry.Path);
            }
        }

        return new ImageDataExport(entries, leftOut);
    }

    /// <summary>Stores image data that <see cref="ImageDataFile.Read"/> has checked. What the store has beside it stays.</summary>
    /// <param name="entries">Path to text.</param>
    /// <param name="force">Also while builders run, and over data that exists.</param>
    /// <param name="ct">Gives up.</param>
    /// <exception cref="OperationRefusedException">A builder runs, or data exists.</exception>
    public async ValueTask ImportAsync(IReadOnlyDictionary<string, string> entries, bool force, CancellationToken ct)
    {
        ArgumentNullException.ThrowIfNull(entries);
        var stored = (await Subtree.ReadAsync(engine, NodepoolPaths.Images, ct)).ToDictionary(entry => entry.Path, StringComparer.Ordinal);
        if (!force)
        {
            await RequireQuietAsync(stored.Values, ct);
        }

        var writes = new ImageDataWrites(engine, stored);
        List<Write> batch = [];
        var splits = entries.Sum(entry => entry.Key.Length + entry.Value.Length) > MostBytesAtOnce;
        foreach (var image in entries.OrderBy(entry => entry.Key, StringComparer.Ordinal).GroupBy(entry => ImageDataPath.Parse(entry.Key)!.Image, StringComparer.Ordinal))
        {
            batch.AddRange(await writes.OfAsync(image, ct));
            if (splits)
            {
                await CommitAsync(batch, ct);
                batch = [];
            }
        }

        await CommitAsync(batch, ct);
    }

    private async ValueTask CommitAsync(List<Write> batch, CancellationToken ct)
    {
        try
        {
            _ = batch.Count == 0 ? null : await engine.CommitAsync(batch, ct);
        }
        catch (StateException e) when (e.IsConflict)
        {
            throw new OperationRefusedException(Refusal.Busy, $"{e.Path} was changed by somebody while it was imported: stop the builders, then import again with --force");
        }
    }

    private async ValueTask RequireQuietAsync(IEnumerable<Entry> stored, CancellationToken ct)
    {
        if ((await engine.ListAsync(NodepoolPaths.Components + "/builder", ct)).Count is > 0 and var builders)
        {
            throw new OperationRefusedException(
                Refusal.Busy, $"{(builders == 1 ? "a builder runs and" : $"{builders} builders run and")} would work with half of the data: stop {(builders == 1 ? "it" : "them")}, or use --force");
        }

        if (stored.FirstOrDefault(entry => ImageDataPath.Parse(entry.Path) is { } place && (place.IsPause || !entry.Data.IsEmpty)) is { } first)
        {
            throw new OperationRefusedException(
                Refusal.WrongState, $"the store has image data already ({first.Path}): --force writes over what the file names and keeps the rest");
        }
    }
}
