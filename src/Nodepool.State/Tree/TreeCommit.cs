using System.Globalization;
using Nodepool.Core.State;

namespace Nodepool.State.Tree;

/// <summary>
/// The rules of the tree, written once for all embedded engines: validates the steps of a commit in their order, each seeing
/// what the earlier ones did, and applies all of them or none. Not thread-safe; the engine calls it from its one writer.
/// </summary>
internal sealed class TreeCommit(IRowStore store)
{
    private readonly StagedRows _rows = new(store);
    private List<Change> _changes = [];
    private List<string>? _created;
    private Stamp _stamp;

    /// <summary>Throws <see cref="ArgumentException"/> when a step could not be meant by a correct caller.</summary>
    public static void Require(IReadOnlyList<Write> writes)
    {
        ArgumentNullException.ThrowIfNull(writes);
        for (var i = 0; i < writes.Count; i++)
        {
            if (writes[i] is Write.Create { Modes: var modes } create && modes.HasFlag(CreateModes.Sequential))
            {
                TreePath.RequirePrefix(create.Path);
            }
            else
            {
                TreePath.Require(writes[i].Path);
            }

            if (writes[i] is Write.Delete { Path: TreePath.Root })
            {
                throw new ArgumentException("The root cannot be deleted.", nameof(writes));
            }
        }
    }

    /// <summary>Applies a commit.</summary>
    /// <param name="writes">Its steps, as <see cref="Require"/> accepts them.</param>
    /// <param name="stamp">Who commits, when, and the store's position after it.</param>
    /// <param name="applied">What became of the entries, when it succeeded.</param>
    /// <returns>Null, or why nothing was applied.</returns>
    public StateException? TryApply(IReadOnlyList<Write> writes, Stamp stamp, out Applied applied)
    {
        _rows.Clear();
        _stamp = stamp;
        _changes = new List<Change>(writes.Count);
        _created = null;
        applied = default;
        for (var i = 0; i < writes.Count; i++)
        {
            if (Step(writes[i]) is { } failure)
            {
                return failure;
            }
        }

        _rows.Flush();
        applied = new Applied(new CommitResult(stamp.Position, _created ?? (IReadOnlyList<string>)[]), _changes);
        return null;
    }

    private StateException? Step(Write write) => write switch
    {
        Write.Create create => Create(create),
        Write.Set set => Set(set),
        Write.Delete delete => Delete(delete),
        Write.Check check => FindAt(check.Path, check.Version, out _),
        _ => throw new ArgumentException($"Unknown kind of write: {write.GetType().Name}."),
    };

    private StateException? Create(Write.Create create)
    {
        var parentPath = TreePath.ParentOf(create.Path);
        if (MakeParents(parentPath, create.Path, out var parent) is { } failure)
        {
            return failure;
        }

        var path = create.Modes.HasFlag(CreateModes.Sequential)
            ? create.Path + parent.ChildrenEver.ToString("D10", CultureInfo.InvariantCulture)
            : create.Path;
        if (path == TreePath.Root || _rows.Find(path) is not null)
        {
            return new StateException(StateFault.Exists, create.Path, $"{path} exists already.");
        }

        Add(path, create.Data, create.Modes.HasFlag(CreateModes.Ephemeral) ? _stamp.Session : 0, parent);
        (_created ??= []).Add(path);
        return null;
    }

    /// <summary>Finds the parent of a new entry, after creating it and whatever is missing above it.</summary>
    private StateException? MakeParents(string path, string wanted, out Row row)
    {
        if (_rows.Find(path) is { } found)
        {
            row = found;
            return found.Entry.IsEphemeral
                ? new StateException(StateFault.NoChildrenAllowed, wanted, $"{wanted} cannot be created: {path} is ephemeral and cannot have children.")
                : null;
        }

        if (MakeParents(TreePath.ParentOf(path), wanted, out var above) is { } failure)
        {
            row = above;
            return failure;
        }

        row = Add(path, ReadOnlyMemory<byte>.Empty, 0, above);
        return null;
    }

    private Row Add(string path, ReadOnlyMemory<byte> data, long owner, Row parent)
    {
        var entry = new Entry(path, data, 0, _stamp.Position, _stamp.Position, _stamp.UnixMs, _stamp.UnixMs, owner);
        var row = new Row(entry, 0, 0);
        _rows.Stage(path, row);
        _rows.Stage(parent.Entry.Path, parent with { ChildrenEver = parent.ChildrenEver + 1, Children = parent.Children + 1 });
        _changes.Add(new Change(path, entry));
        return row;
    }

    private StateException? Set(Write.Set set)
    {
        if (FindAt(set.Path, set.Version, out var row) is { } failure)
        {
            return failure;
        }

        var old = row!.Entry;
        var entry = new Entry(
            old.Path, set.Data, old.Version + 1, old.CreatedPosition, _stamp.Position, old.CreatedMs, _stamp.UnixMs, old.Owner);
        _rows.Stage(set.Path, row with { Entry = entry });
        _changes.Add(new Change(set.Path, entry));
        return null;
    }

    private StateException? Delete(Write.Delete delete)
    {
        if (FindAt(delete.Path, delete.Version, out var row) is { } failure)
        {
            return failure;
        }

        if (row!.Children > 0)
        {
            return new StateException(StateFault.NotEmpty, delete.Path, $"{delete.Path} cannot be deleted: it has {row.Children} children.");
        }

        var parentPath = TreePath.ParentOf(delete.Path);
        var parent = _rows.Find(parentPath) ?? throw new InvalidOperationException($"{delete.Path} exists without its parent.");
        _rows.Stage(delete.Path, null);
        _rows.Stage(parentPath, parent with { Children = parent.Children - 1 });
        _changes.Add(new Change(delete.Path, null));
        return null;
    }

    private StateException? FindAt(string path, int version, out Row? row)
    {
        row = _rows.Find(path);
        if (row is null)
        {
            return new StateException(StateFault.NotFound, path, $"{path} does not exist.");
        }

        return version == Write.AnyVersion || version == row.Entry.Version
            ? null
            : new StateException(
                StateFault.VersionMismatch, path, $"{path} has version {row.Entry.Version}, not {version}: somebody changed it since it was read.");
    }
}
