using Nodepool.Core.Model;
using Nodepool.Core.Model.Json;
using Nodepool.Core.State;

namespace Nodepool.Testing.Simulation;

/// <summary>
/// What the store holds, kept up to date by an observer that sees every single change right after the step that made it, and told to the
/// rules. Who made it is known from the call that is under way.
/// </summary>
internal sealed class SimModel(SimWorld world)
{
    private readonly Dictionary<long, SimProcess> _sessions = [];
    private readonly List<Action> _lockChanges = [];

    public Dictionary<string, SimNode> Nodes { get; } = new(StringComparer.Ordinal);

    /// <summary>Nodes that a client wrote to after it had lost their lock, gone or not: nothing can be promised about them.</summary>
    public HashSet<string> Tainted { get; } = new(StringComparer.Ordinal);

    public Dictionary<string, NodeRequestRecord> Requests { get; } = new(StringComparer.Ordinal);

    /// <summary>Providers that shall become empty, and since when.</summary>
    public Dictionary<string, DateTimeOffset> Drains { get; } = new(StringComparer.Ordinal);

    /// <summary>Contender paths by lock directory, first is the holder; as of the end of the step before.</summary>
    public Dictionary<string, SortedList<string, long>> Locks { get; } = new(StringComparer.Ordinal);

    /// <summary>Told of each change of a node, after the rules: its id, the record before and after.</summary>
    public event Action<string, NodeRecord?, NodeRecord?>? NodeChanged;

    /// <summary>Told of each change of a request, after the rules: its id, the record before and after.</summary>
    public event Action<string, NodeRequestRecord?, NodeRequestRecord?>? RequestChanged;

    /// <summary>Told of each lock directory that one contender fewer wants.</summary>
    public event Action<string>? LockReleased;

    /// <summary>Who does what is seen next.</summary>
    public SimProcess? Actor { get; private set; }

    /// <summary>The actor's session.</summary>
    public long ActorSession { get; private set; }

    public void Opened(long session, SimProcess process) => _sessions[session] = process;

    public void Acts(SimProcess process, long session) => (Actor, ActorSession) = (process, session);

    public void StepEnds() => (Actor, ActorSession) = (null, 0);

    public SimProcess? OwnerOf(long session) => _sessions.GetValueOrDefault(session);

    public IEnumerable<long> SessionsOf(SimProcess process) => _sessions.Where(pair => pair.Value == process).Select(pair => pair.Key).Order();

    /// <summary>Session that holds a lock; 0 when nobody does.</summary>
    public long Holder(string directory) => Locks.TryGetValue(directory, out var contenders) && contenders.Count > 0 ? contenders.GetValueAtIndex(0) : 0;

    /// <summary>The process that holds a lock.</summary>
    public SimProcess? HolderProcess(string directory) => OwnerOf(Holder(directory));

    public async Task RunAsync(IStateEngine engine)
    {
        await foreach (var batch in engine.WatchAsync(NodepoolPaths.Root, CancellationToken.None))
        {
            Apply(batch);
        }
    }

    private void Apply(ChangeBatch batch)
    {
        var checks = new List<Action>();
        foreach (var (path, entry) in batch.Changes)
        {
            switch (path.Split('/'))
            {
                case ["", "nodepool", "nodes", var id]:
                    Node(id, entry, checks);
                    break;
                case ["", "nodepool", "requests", var id]:
                    Request(id, entry, checks);
                    break;
                case ["", "nodepool", "drains", var name]:
                    Drain(NodepoolPaths.NameIn(name), isThere: entry is not null);
                    break;
                case ["", "nodepool", "images", ..]:
                    world.Images.Changed(path, entry, checks);
                    world.Builds.Changed(path, entry, checks);
                    break;
            }

            if (path.Contains("__lock__", StringComparison.Ordinal))
            {
                _lockChanges.Add(() => Contender(path, entry));
            }
        }

        // First everything that the commit changed, then what may be said about it, last who holds locks from now on.
        checks.ForEach(check => check());
        _lockChanges.ForEach(change => change());
        _lockChanges.Clear();
    }

    private void Node(string id, Entry? entry, List<Action> checks)
    {
        var old = Nodes.GetValueOrDefault(id);
        NodeRecord? record = null;
        try
        {
            record = entry is null || entry.Data.IsEmpty ? null : NodeRecord.Read(entry.Data.Span);
        }
        catch (RecordFormatException e)
        {
            world.Fail($"node {id} was stored in a form that nobody understands: {e.Message}");
        }

        if (entry is null)
        {
            Nodes.Remove(id);
        }
        else
        {
            Nodes[id] = new SimNode(id, record, old?.IsTainted ?? false);
        }

        checks.Add(() =>
        {
            world.NodeRules.Check(id, old, entry is null ? null : Nodes.GetValueOrDefault(id) is { } now && ReferenceEquals(now.Record, record) ? now : new SimNode(id, record, old?.IsTainted ?? false));
            NodeChanged?.Invoke(id, old?.Record, record);
        });
    }

    private void Drain(string provider, bool isThere)
    {
        if (!isThere)
        {
            Drains.Remove(provider);
        }
        else
        {
            Drains.TryAdd(provider, world.Scheduler.Now);
        }
    }

    private void Request(string id, Entry? entry, List<Action> checks)
    {
        var old = Requests.GetValueOrDefault(id);
        NodeRequestRecord? record = null;
        try
        {
            record = entry is null ? null : NodeRequestRecord.Read(entry.Data.Span);
        }
        catch (RecordFormatException e)
        {
            world.Fail($"request {id} was stored in a form that nobody understands: {e.Message}");
        }

        if (record is null)
        {
            Requests.Remove(id);
        }
        else
        {
            Requests[id] = record;
        }

        var isEphemeral = entry?.IsEphemeral ?? false;
        checks.Add(() =>
        {
            world.RequestRules.Check(id, old, record, isEphemeral);
            RequestChanged?.Invoke(id, old, record);
        });
    }

    private void Contender(string path, Entry? entry)
    {
        var directory = path[..path.LastIndexOf('/')];
        if (!Locks.TryGetValue(directory, out var contenders))
        {
            Locks[directory] = contenders = new SortedList<string, long>(Comparer<string>.Create((x, y) => string.CompareOrdinal(x[^10..], y[^10..])));
        }

        if (entry is null)
        {
            contenders.Remove(path);
            LockReleased?.Invoke(directory);
            if (contenders.Count == 0)
            {
                Locks.Remove(directory);
            }
        }
        else
        {
            contenders[path] = entry.Owner;
        }
    }
}
