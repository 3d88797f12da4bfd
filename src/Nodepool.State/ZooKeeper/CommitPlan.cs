using Nodepool.Core.State;
using Nodepool.State.Tree;
using Nodepool.State.ZooKeeper.Client;

namespace Nodepool.State.ZooKeeper;

/// <summary>
/// The operations of a commit. ZooKeeper makes no missing parents, so they are put before the writes that need them, as far as one knows
/// that they are missing.
/// </summary>
internal sealed class CommitPlan
{
    private readonly List<Operation> _operations = [];
    private readonly List<Origin> _origins = [];
    private readonly Dictionary<string, bool> _existing = new(StringComparer.Ordinal);
    private readonly Func<string, bool?> _exists;

    private CommitPlan(Func<string, bool?> exists) => _exists = exists;

    public IReadOnlyList<Operation> Operations => _operations;

    /// <summary>A parent was taken to exist that nobody knows of.</summary>
    public bool IsDoubtful { get; private set; }

    /// <summary>Makes the plan.</summary>
    /// <param name="writes">The steps of the commit, as <see cref="TreeCommit.Require"/> accepts them.</param>
    /// <param name="exists">Whether there is an entry; null when one does not know.</param>
    public static CommitPlan For(IReadOnlyList<Write> writes, Func<string, bool?> exists)
    {
        var plan = new CommitPlan(exists);
        for (var i = 0; i < writes.Count; i++)
        {
            plan.Add(writes[i], i);
        }

        return plan;
    }

    /// <summary>The write that an operation belongs to.</summary>
    public int WriteOf(int operation) => _origins[operation].Write;

    /// <summary>Whether an operation is a write itself; if not it makes a parent.</summary>
    public bool IsWrite(int operation) => !_origins[operation].IsParent;

    /// <summary>The error says that a parent exists or not against what was assumed.</summary>
    public bool IsMisjudged(int operation, ErrorCode error) =>
        (_operations[operation] is Operation.Create && error == ErrorCode.NoNode) || (!IsWrite(operation) && error == ErrorCode.NodeExists);

    /// <summary>All entries above those that the commit makes: what one has to know in order to plan without doubt.</summary>
    public static List<string> Parents(IReadOnlyList<Write> writes)
    {
        var parents = new HashSet<string>(StringComparer.Ordinal);
        foreach (var create in writes.OfType<Write.Create>())
        {
            for (var path = TreePath.ParentOf(create.Path); path != TreePath.Root && parents.Add(path);)
            {
                path = TreePath.ParentOf(path);
            }
        }

        return [.. parents];
    }

    private void Add(Write write, int index)
    {
        switch (write)
        {
            case Write.Create create:
                MakeParents(TreePath.ParentOf(create.Path), index);
                Add(new Operation.Create(create.Path, create.Data, ModeOf(create.Modes)), index);
                if (!create.Modes.HasFlag(CreateModes.Sequential))
                {
                    _existing[create.Path] = true;
                }

                break;
            case Write.Set set:
                Add(new Operation.SetData(set.Path, set.Data, set.Version), index);
                break;
            case Write.Delete delete:
                Add(new Operation.Delete(delete.Path, delete.Version), index);
                _existing[delete.Path] = false;
                break;
            case Write.Check check:
                Add(new Operation.Check(check.Path, check.Version), index);
                break;
            default:
                throw new ArgumentException($"Unknown kind of write: {write.GetType().Name}.");
        }
    }

    private void Add(Operation operation, int write, bool isParent = false)
    {
        _operations.Add(operation);
        _origins.Add(new Origin(write, isParent));
    }

    private void MakeParents(string path, int write)
    {
        if (path == TreePath.Root)
        {
            return;
        }

        var exists = _existing.TryGetValue(path, out var within) ? within : _exists(path);
        if (exists is null)
        {
            IsDoubtful = true;
        }

        if (exists != false)
        {
            return;
        }

        MakeParents(TreePath.ParentOf(path), write);
        Add(new Operation.Create(path, ReadOnlyMemory<byte>.Empty, CreateMode.Persistent), write, isParent: true);
        _existing[path] = true;
    }

    private static CreateMode ModeOf(CreateModes modes) => (modes.HasFlag(CreateModes.Ephemeral), modes.HasFlag(CreateModes.Sequential)) switch
    {
        (false, false) => CreateMode.Persistent,
        (true, false) => CreateMode.Ephemeral,
        (false, true) => CreateMode.PersistentSequential,
        (true, true) => CreateMode.EphemeralSequential,
    };

    private readonly record struct Origin(int Write, bool IsParent);
}
