using Nodepool.Core.Collections;
using Nodepool.Core.Model;
using Nodepool.Core.Model.Json;
using Nodepool.Core.State;
using Nodepool.Core.View;

namespace Nodepool.Testing.View;

/// <summary>
/// Writes entries as a store would and gives the view of them: planner tests say what is stored, not how a view is made. Times are
/// Unix seconds; <see cref="Now"/> is 1000.
/// </summary>
public sealed class ViewFixture
{
    /// <summary>The time that entries are stamped with unless said otherwise.</summary>
    public const double Now = 1000;

    private readonly Dictionary<string, Entry> _entries = new(StringComparer.Ordinal);
    private long _position;

    /// <summary>All that was put, as one view.</summary>
    public ClusterView View => new ClusterView().After(new ChangeBatch(_position, true, [.. _entries.Values.OrderBy(entry => entry.Path, StringComparer.Ordinal).Select(entry => new Change(entry.Path, entry))]));

    /// <summary>Stores an entry with that data.</summary>
    public ViewFixture Put(string path, ReadOnlyMemory<byte> data, long createdMs = 0)
    {
        // Who writes an entry again does not make another one.
        var created = _entries.TryGetValue(path, out var old) ? old.CreatedPosition : _position + 1;
        _entries[path] = new Entry(path, data, 0, created, ++_position, createdMs, createdMs, 0);
        return this;
    }

    /// <summary>Takes an entry away.</summary>
    public ViewFixture Remove(string path)
    {
        _entries.Remove(path);
        _position++;
        return this;
    }

    /// <summary>What is stored at a path; null when nothing is.</summary>
    public Entry? Find(string path) => _entries.GetValueOrDefault(path);

    /// <summary>Stores a node of provider <c>p</c>, pool <c>main</c> that uses one instance.</summary>
    public ViewFixture Node(string id, NodeState state, string label = "small", string? request = null, Func<NodeRecord, NodeRecord>? change = null)
    {
        var node = new NodeRecord
        {
            State = state,
            StateTime = Now,
            CreatedTime = Now,
            Type = [label],
            Provider = "p",
            Pool = "main",
            AllocatedTo = request,
            Resources = new ValueMap<long>([new("instances", 1)]),
            Launch = new LaunchRecord { Token = "np-" + id, Deadline = Now + 100 },
        };
        return Put(NodepoolPaths.Node(id), (change?.Invoke(node) ?? node).Write());
    }

    /// <summary>Lets somebody hold the lock of a node.</summary>
    public ViewFixture Lock(string nodeId) => Put($"{NodepoolPaths.NodeLock(nodeId)}/00__lock__0000000000", default);

    /// <summary>Lets somebody hold the lock of a request.</summary>
    public ViewFixture LockRequest(string id) => Put(NodepoolPaths.RequestLock(id), default).Put($"{NodepoolPaths.RequestLock(id)}/00__lock__0000000000", default);

    /// <summary>Stores a request for labels.</summary>
    public ViewFixture Request(string id, RequestState state, params string[] labels) => Request(id, state, _ => _, labels);

    /// <summary>Stores a changed request for labels.</summary>
    public ViewFixture Request(string id, RequestState state, Func<NodeRequestRecord, NodeRequestRecord> change, params string[] labels) => Put(
        NodepoolPaths.Request(id),
        change(new NodeRequestRecord { State = state, StateTime = Now, NodeTypes = labels.ToValueList(), Requestor = "zuul", RequestorData = RawJson.FromText("x") }).Write());

    /// <summary>Registers a pool component.</summary>
    public ViewFixture Pool(string id, string provider, string pool, string[] labels, int priority = 100, bool paused = false) => Put(
        NodepoolPaths.NewComponent("pool", "host") + id,
        new ComponentRecord { Kind = "pool", Hostname = "host", Id = id, Name = pool, ProviderName = provider, SupportedLabels = labels.ToValueList(), Priority = priority, Paused = paused }.Write());

    /// <summary>Stores a build.</summary>
    public ViewFixture Build(string image, string id, ImageState state, double time, string formats = "qcow2", string builderId = "me") => Put(
        NodepoolPaths.Build(image, id),
        new ImageBuildRecord { State = state, StateTime = time, BuilderId = builderId, Formats = formats.Split(',').ToValueList(), Failure = state == ImageState.Failed ? "broken" : null }.Write());

    /// <summary>Stores an upload.</summary>
    public ViewFixture Upload(string image, string build, string provider, string id, ImageState state, double time) => Put(
        NodepoolPaths.Upload(image, build, provider, id),
        new ImageUploadRecord { State = state, StateTime = time, ExternalId = $"ext-{build}-{id}", Format = "qcow2" }.Write());
}
