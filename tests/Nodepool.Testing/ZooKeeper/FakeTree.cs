using System.Globalization;
using Nodepool.State.ZooKeeper.Client;

namespace Nodepool.Testing.ZooKeeper;

/// <summary>The tree of the fake server, with ZooKeeper's rules: no parents are made, an operation fails with ZooKeeper's error. Not thread-safe.</summary>
internal sealed class FakeTree
{
    private readonly SortedDictionary<string, FakeNode> _nodes = new(StringComparer.Ordinal) { ["/"] = new([], default, 0) };

    public FakeNode? Find(string path) => _nodes.GetValueOrDefault(path);

    public string[] ChildrenOf(string path)
    {
        var prefix = path == "/" ? path : path + "/";
        return [.. _nodes.Keys.Where(other => other.Length > prefix.Length && other.StartsWith(prefix, StringComparison.Ordinal))
            .Select(other => other[prefix.Length..]).Where(name => !name.Contains('/', StringComparison.Ordinal))];
    }

    public List<string> OwnedBy(long session) => [.. _nodes.Where(pair => pair.Value.Stat.EphemeralOwner == session).Select(pair => pair.Key)];

    /// <summary>Applies all operations or none.</summary>
    /// <returns>One result each; on failure, the failed one has its error and those after it <see cref="ErrorCode.RuntimeInconsistency"/>.</returns>
    public OperationResult[] Apply(IReadOnlyList<Operation> operations, long zxid, long ms, long session, List<WatchEvent> events)
    {
        var before = new Dictionary<string, FakeNode?>(StringComparer.Ordinal);
        var results = new OperationResult[operations.Count];
        for (var i = 0; i < operations.Count; i++)
        {
            results[i] = Apply(operations[i], new Transaction(zxid, ms, session, events, before));
            if (results[i].Error != ErrorCode.Ok)
            {
                Undo(before);
                events.Clear();
                Array.Fill(results, new OperationResult(ErrorCode.Ok), 0, i);
                Array.Fill(results, new OperationResult(ErrorCode.RuntimeInconsistency), i + 1, results.Length - i - 1);
                return results;
            }
        }

        return results;
    }

    private OperationResult Apply(Operation operation, Transaction transaction) => operation switch
    {
        Operation.Create create => Create(create, transaction),
        Operation.SetData set => Find(set.Path) is not { } node ? new(ErrorCode.NoNode)
            : IsOther(set.Version, node) ? new(ErrorCode.BadVersion)
            : Set(set, node, transaction),
        Operation.Delete delete => Find(delete.Path) is not { } node ? new(ErrorCode.NoNode)
            : IsOther(delete.Version, node) ? new(ErrorCode.BadVersion)
            : node.Stat.ChildCount > 0 ? new(ErrorCode.NotEmpty)
            : Delete(delete.Path, transaction),
        Operation.Check check => new(
            Find(check.Path) is not { } node ? ErrorCode.NoNode : IsOther(check.Version, node) ? ErrorCode.BadVersion : ErrorCode.Ok),
        _ => new(ErrorCode.Unimplemented),
    };

    private static bool IsOther(int version, FakeNode node) => version != Operation.AnyVersion && version != node.Stat.Version;

    private OperationResult Create(Operation.Create create, Transaction transaction)
    {
        var above = ParentOf(create.Path);
        if (Find(above) is not { } parent)
        {
            return new(ErrorCode.NoNode);
        }

        if (parent.Stat.EphemeralOwner != 0)
        {
            return new(ErrorCode.NoChildrenForEphemerals);
        }

        var isSequential = create.Mode is CreateMode.PersistentSequential or CreateMode.EphemeralSequential;
        var path = isSequential ? create.Path + parent.Made.ToString("D10", CultureInfo.InvariantCulture) : create.Path;
        if (Find(path) is not null)
        {
            return new(ErrorCode.NodeExists);
        }

        var owner = create.Mode is CreateMode.Ephemeral or CreateMode.EphemeralSequential ? transaction.Session : 0;
        var stat = new NodeStat(transaction.Zxid, transaction.Zxid, transaction.Ms, transaction.Ms, 0, 0, 0, owner, create.Data.Length, 0, transaction.Zxid);
        Put(path, new FakeNode(create.Data.ToArray(), stat, 0), transaction);
        Put(above, parent with { Stat = parent.Stat with { ChildCount = parent.Stat.ChildCount + 1 }, Made = parent.Made + 1 }, transaction);
        transaction.Events.Add(new WatchEvent(WatchEventKind.Created, path));
        return new(ErrorCode.Ok, path, stat);
    }

    private OperationResult Set(Operation.SetData set, FakeNode node, Transaction transaction)
    {
        var stat = node.Stat with { ModifiedZxid = transaction.Zxid, ModifiedMs = transaction.Ms, Version = node.Stat.Version + 1, DataLength = set.Data.Length };
        Put(set.Path, node with { Data = set.Data.ToArray(), Stat = stat }, transaction);
        transaction.Events.Add(new WatchEvent(WatchEventKind.DataChanged, set.Path));
        return new(ErrorCode.Ok, Stat: stat);
    }

    private OperationResult Delete(string path, Transaction transaction)
    {
        Put(path, null, transaction);
        var parent = Find(ParentOf(path))!;
        Put(ParentOf(path), parent with { Stat = parent.Stat with { ChildCount = parent.Stat.ChildCount - 1 } }, transaction);
        transaction.Events.Add(new WatchEvent(WatchEventKind.Deleted, path));
        return new(ErrorCode.Ok);
    }

    private void Put(string path, FakeNode? node, Transaction transaction)
    {
        transaction.Before.TryAdd(path, Find(path));
        Put(path, node);
    }

    private void Put(string path, FakeNode? node)
    {
        if (node is null)
        {
            _nodes.Remove(path);
        }
        else
        {
            _nodes[path] = node;
        }
    }

    private void Undo(Dictionary<string, FakeNode?> before)
    {
        foreach (var (path, node) in before)
        {
            Put(path, node);
        }
    }

    private static string ParentOf(string path)
    {
        var slash = path.LastIndexOf('/');
        return slash <= 0 ? "/" : path[..slash];
    }

    private sealed record Transaction(long Zxid, long Ms, long Session, List<WatchEvent> Events, Dictionary<string, FakeNode?> Before);
}
