using System.Collections.Immutable;
using Nodepool.Core.Model;
using Nodepool.Core.Model.Json;
using Nodepool.Core.State;

namespace Nodepool.Core.View;

/// <summary>Applies changed entries to a picture, by the place of the entry in the tree.</summary>
internal sealed class ClusterViewBuilder(ClusterView from)
{
    private const string LockName = "lock";
    private const string DutyRequestor = "NodePool:";

    private readonly NodeIndex.Builder _nodes = new(from.Nodes);
    private readonly ImmutableDictionary<string, RequestView>.Builder _requests = from.Requests.ToBuilder();
    private readonly ImmutableSortedSet<RequestView>.Builder _open = from.OpenRequests.ToBuilder();
    private readonly ImmutableDictionary<string, ImmutableSortedSet<string>>.Builder _duties = from.DutyRequests.ToBuilder();
    private readonly ImmutableDictionary<string, RequestLockView>.Builder _locks = from.RequestLocks.ToBuilder();
    private readonly ImmutableDictionary<string, ComponentRecord>.Builder _components = from.Components.ToBuilder();
    private readonly ImmutableDictionary<string, JobView>.Builder _jobs = from.Jobs.ToBuilder();
    private readonly ImmutableDictionary<string, TenantLedgerView>.Builder _ledger = from.Ledger.ToBuilder();
    private readonly ImmutableDictionary<string, DrainRecord>.Builder _drains = from.Drains.ToBuilder();
    private readonly ImmutableDictionary<string, ProcessRecord>.Builder _processes = from.Processes.ToBuilder();
    private readonly ImmutableDictionary<string, PoolTermsRecord>.Builder _terms = from.Terms.ToBuilder();
    private readonly ImageTreeBuilder _images = new(from.Images);

    public void Apply(Change change)
    {
        var parts = change.Path.Split('/');
        switch (parts)
        {
            case ["", "nodepool", "nodes", var id]:
                Node(id, change.Entry);
                break;
            case ["", "nodepool", "nodes", var id, LockName, var contender]:
                _nodes.ChangeContender(id, contender, isThere: change.Entry is not null);
                break;
            case ["", "nodepool", "requests", var id]:
                Request(id, change.Entry);
                break;
            case ["", "nodepool", "requests-lock", var id]:
                RequestLock(id, change.Entry);
                break;
            case ["", "nodepool", "requests-lock", var id, var contender]:
                RequestContender(id, contender, isThere: change.Entry is not null);
                break;
            case ["", "nodepool", "jobs", var id]:
                Job(id, change.Entry);
                break;
            case ["", "nodepool", "ledger", "tenants", var name]:
                Ledger(NodepoolPaths.NameIn(name), change.Entry);
                break;
            case ["", "nodepool", "drains", var name]:
                Drain(NodepoolPaths.NameIn(name), change.Entry);
                break;
            case ["", "nodepool", "components", _, _]:
                Live(_components, change, ComponentRecord.Read);
                break;
            case ["", "nodepool", "terms", _]:
                Live(_terms, change, PoolTermsRecord.Read);
                break;
            case ["", "nodepool", "processes", _]:
                Live(_processes, change, ProcessRecord.Read);
                break;
            case ["", "nodepool", "images", var image, .. var rest]:
                _images.Apply(image, rest, change);
                break;
        }
    }

    public ClusterView Build(long position) => Build(position, _nodes.Build());

    private ClusterView Build(long position, NodeIndex nodes) => new()
    {
        Position = position,
        Nodes = nodes,
        Requests = _requests.ToImmutable(),
        OpenRequests = _open.ToImmutable(),
        DutyRequests = _duties.ToImmutable(),
        Withdrawn = Withdrawn(nodes),
        RequestLocks = _locks.ToImmutable(),
        Images = _images.Build(),
        Jobs = _jobs.ToImmutable(),
        Ledger = _ledger.ToImmutable(),
        Drains = _drains.ToImmutable(),
        Components = _components.ToImmutable(),
        Processes = _processes.ToImmutable(),
        Terms = _terms.ToImmutable(),
    };

    /// <summary>What cannot be understood is shown without a record: it exists, but nobody touches it.</summary>
    internal static T? Understand<T>(Entry entry, Func<ReadOnlySpan<byte>, T> read)
        where T : class
    {
        try
        {
            return entry.Data.IsEmpty ? null : read(entry.Data.Span);
        }
        catch (RecordFormatException)
        {
            return null;
        }
    }

    private void Node(string id, Entry? entry)
    {
        if (entry is null)
        {
            _nodes.Remove(id);
            return;
        }

        var old = _nodes.Find(id);
        var contenders = old is not null && old.CreatedPosition == entry.CreatedPosition ? old.Contenders : NodeView.NoContenders;
        _nodes.Put(new NodeView(id, entry.Version, entry.CreatedPosition, Understand(entry, NodeRecord.Read), contenders));
    }

    private void Request(string id, Entry? entry)
    {
        _nodes.Requests.Add(id);
        if (_requests.Remove(id, out var old))
        {
            _open.Remove(old);
            if (DutyOf(old) is { } former)
            {
                _duties[former] = _duties[former].Remove(id);
            }
        }

        if (entry is null)
        {
            return;
        }

        var request = new RequestView(id, entry.Version, Understand(entry, NodeRequestRecord.Read));
        _requests[id] = request;
        if (DutyOf(request) is { } duty)
        {
            _duties[duty] = (_duties.TryGetValue(duty, out var ids) ? ids : ImmutableSortedSet.Create<string>(StringComparer.Ordinal)).Add(id);
        }

        if (request.IsOpen)
        {
            _open.Add(request);
        }
    }

    private static string? DutyOf(RequestView request) =>
        request.Record?.Requestor is { } requestor && requestor.StartsWith(DutyRequestor, StringComparison.Ordinal) ? requestor : null;

    private ImmutableSortedSet<string> Withdrawn(NodeIndex nodes)
    {
        var withdrawn = from.Withdrawn.ToBuilder();
        foreach (var id in _nodes.Requests)
        {
            _ = nodes.Of(id).IsEmpty || _requests.ContainsKey(id) ? withdrawn.Remove(id) : withdrawn.Add(id);
        }

        return withdrawn.ToImmutable();
    }

    private void RequestLock(string id, Entry? entry)
    {
        if (entry is null)
        {
            _locks.Remove(id);
        }
        else if (!_locks.ContainsKey(id))
        {
            _locks[id] = new RequestLockView(id, entry.CreatedMs, NodeView.NoContenders);
        }
    }

    private void RequestContender(string id, string contender, bool isThere)
    {
        if (_locks.TryGetValue(id, out var directory))
        {
            _locks[id] = directory with { Contenders = isThere ? directory.Contenders.Add(contender) : directory.Contenders.Remove(contender) };
        }
    }

    private void Job(string id, Entry? entry)
    {
        if (entry is null)
        {
            _jobs.Remove(id);
        }
        else
        {
            _jobs[id] = new JobView(id, entry.Version, Understand(entry, JobRecord.Read));
        }
    }

    private void Ledger(string tenant, Entry? entry)
    {
        if (entry is null)
        {
            _ledger.Remove(tenant);
        }
        else
        {
            _ledger[tenant] = new TenantLedgerView(tenant, entry.Version, entry.ModifiedPosition);
        }
    }

    /// <summary>What cannot be understood still says that somebody wants the provider empty.</summary>
    private void Drain(string provider, Entry? entry)
    {
        if (entry is null)
        {
            _drains.Remove(provider);
        }
        else
        {
            _drains[provider] = Understand(entry, DrainRecord.Read) ?? new DrainRecord { Since = entry.CreatedMs / 1000.0 };
        }
    }

    private static void Live<T>(ImmutableDictionary<string, T>.Builder all, Change change, Func<ReadOnlySpan<byte>, T> read)
        where T : class
    {
        if (change.Entry is not null && Understand(change.Entry, read) is { } record)
        {
            all[change.Path] = record;
        }
        else
        {
            all.Remove(change.Path);
        }
    }
}
