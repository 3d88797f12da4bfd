namespace Nodepool.State.Tree;

/// <summary>
/// The rows that a commit has touched, laid over the store. Nothing reaches the store before <see cref="Flush"/>, so that a
/// commit that fails half-way leaves no trace and needs no undo.
/// </summary>
internal sealed class StagedRows(IRowStore store)
{
    private readonly Dictionary<string, Staged> _staged = new(StringComparer.Ordinal);

    public void Clear() => _staged.Clear();

    /// <summary>The row as the commit has left it so far, or null.</summary>
    public Row? Find(string path)
    {
        if (_staged.TryGetValue(path, out var staged))
        {
            return staged.Now;
        }

        var row = store.Find(path);
        _staged.Add(path, new Staged(row, row));
        return row;
    }

    /// <summary>Changes a row that <see cref="Find"/> was asked for before; null removes it.</summary>
    public void Stage(string path, Row? row) => _staged[path] = _staged[path] with { Now = row };

    /// <summary>Writes what has changed to the store.</summary>
    public void Flush()
    {
        foreach (var (before, now) in _staged.Values)
        {
            if (ReferenceEquals(before, now))
            {
                continue;
            }

            if (before is null)
            {
                store.Insert(now!);
            }
            else if (now is null)
            {
                store.Delete(before);
            }
            else if (ReferenceEquals(before.Entry, now.Entry))
            {
                store.UpdateCounters(now);
            }
            else
            {
                store.Update(now);
            }
        }

        _staged.Clear();
    }

    private readonly record struct Staged(Row? Before, Row? Now);
}
