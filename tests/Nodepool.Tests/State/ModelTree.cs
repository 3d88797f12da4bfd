using System.Globalization;
using Nodepool.Core.State;

namespace Nodepool.Tests.State;

/// <summary>
/// The rules of the tree once more, as slowly and plainly as possible and without any code of the product: every commit works
/// on a copy. What the engines do is compared with it.
/// </summary>
internal sealed class ModelTree
{
    private SortedDictionary<string, Item> _items = new(StringComparer.Ordinal) { ["/"] = new Item("", 0, 0, 0, 0, 0) };

    public long Position { get; private set; }

    public IReadOnlyDictionary<string, Item> Items => _items;

    /// <summary>Applies a commit.</summary>
    /// <returns>What <see cref="Describe(CommitResult)"/> or <see cref="Describe(StateException)"/> say of the engine's answer.</returns>
    public string Commit(IReadOnlyList<Write> writes, int session)
    {
        var before = new SortedDictionary<string, Item>(_items, StringComparer.Ordinal);
        var created = new List<string>();
        foreach (var write in writes)
        {
            if (Apply(write, session, created) is { } fault)
            {
                _items = before;
                return Describe(new StateException(fault, write.Path, ""));
            }
        }

        Position++;
        return Describe(new CommitResult(Position, created));
    }

    /// <summary>Ends a session.</summary>
    public void End(int session)
    {
        var mortal = _items.Where(pair => pair.Value.Owner == session).Select(pair => pair.Key).ToList();
        mortal.ForEach(path => _items.Remove(path));
        Position += mortal.Count > 0 ? 1 : 0;
    }

    public static string Describe(CommitResult result) => $"{result.Position}: {string.Join(' ', result.Created)}";

    public static string Describe(StateException fault) => $"{fault.Fault} at {fault.Path}";

    private StateFault? Apply(Write write, int session, List<string> created) => write switch
    {
        Write.Create create => Create(create, session, created),
        Write.Set set => Found(set.Path, set.Version) ?? Change(set),
        Write.Delete delete => Found(delete.Path, delete.Version) ?? Remove(delete.Path),
        Write.Check check => Found(check.Path, check.Version),
        _ => throw new ArgumentException("Unknown write."),
    };

    private StateFault? Create(Write.Create create, int session, List<string> created)
    {
        var parts = create.Path.Split('/')[1..];
        var parent = "/";
        foreach (var part in parts[..^1])
        {
            if (_items[parent].Owner != 0)
            {
                return StateFault.NoChildrenAllowed;
            }

            var path = Join(parent, part);
            if (!_items.ContainsKey(path))
            {
                Add(parent, path, "", 0);
            }

            parent = path;
        }

        if (_items[parent].Owner != 0)
        {
            return StateFault.NoChildrenAllowed;
        }

        var number = create.Modes.HasFlag(CreateModes.Sequential) ? _items[parent].Ever.ToString("D10", CultureInfo.InvariantCulture) : "";
        var full = Join(parent, parts[^1] + number);
        if (_items.ContainsKey(full))
        {
            return StateFault.Exists;
        }

        Add(parent, full, Text(create.Data), create.Modes.HasFlag(CreateModes.Ephemeral) ? session : 0);
        created.Add(full);
        return null;
    }

    private void Add(string parent, string path, string data, int owner)
    {
        _items[parent] = _items[parent] with { Ever = _items[parent].Ever + 1 };
        _items[path] = new Item(data, 0, Position + 1, Position + 1, owner, 0);
    }

    private StateFault? Found(string path, int version) =>
        !_items.TryGetValue(path, out var item) ? StateFault.NotFound
        : version != Write.AnyVersion && version != item.Version ? StateFault.VersionMismatch
        : null;

    private StateFault? Change(Write.Set set)
    {
        var item = _items[set.Path];
        _items[set.Path] = item with { Data = Text(set.Data), Version = item.Version + 1, Modified = Position + 1 };
        return null;
    }

    private StateFault? Remove(string path)
    {
        if (_items.Keys.Any(other => other.StartsWith(path + "/", StringComparison.Ordinal)))
        {
            return StateFault.NotEmpty;
        }

        _items.Remove(path);
        return null;
    }

    private static string Join(string parent, string name) => parent == "/" ? "/" + name : parent + "/" + name;

    private static string Text(ReadOnlyMemory<byte> data) => System.Text.Encoding.UTF8.GetString(data.Span);

    /// <summary>An entry; <see cref="Ever"/> counts its children, living and dead.</summary>
    internal sealed record Item(string Data, int Version, long Created, long Modified, int Owner, long Ever);
}
