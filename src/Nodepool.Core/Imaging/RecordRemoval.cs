using Nodepool.Core.State;

namespace Nodepool.Core.Imaging;

/// <summary>Commits of retention: each is dropped when somebody was quicker, and the newest position of all is known.</summary>
internal sealed class RecordRemoval(IStateEngine engine)
{
    private long _position;

    /// <summary>A view that is not older than this includes all commits made here.</summary>
    public long Position => Interlocked.Read(ref _position);

    /// <summary>Commits; false when what it was decided on has changed.</summary>
    public async ValueTask<bool> TryAsync(Write[] writes, CancellationToken ct)
    {
        try
        {
            var committed = (await engine.CommitAsync(writes, ct)).Position;
            Interlocked.Exchange(ref _position, Math.Max(committed, Position));
            return true;
        }
        catch (StateException e) when (e.IsConflict)
        {
            return false;
        }
    }

    /// <summary>Deletes an entry with the empty directories (locks, providers) below it.</summary>
    public async ValueTask<bool> RemoveTreeAsync(string path, int version, CancellationToken ct)
    {
        var writes = new List<Write>();
        await CollectAsync(path, version, writes, ct);
        return await TryAsync([.. writes], ct);
    }

    private async ValueTask CollectAsync(string path, int version, List<Write> writes, CancellationToken ct)
    {
        foreach (var child in await engine.ListAsync(path, ct))
        {
            await CollectAsync($"{path}/{child}", Write.AnyVersion, writes, ct);
        }

        writes.Add(new Write.Delete(path, version));
    }
}
