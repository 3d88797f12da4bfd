using Nodepool.Core;
using Nodepool.Core.Collections;
using Nodepool.Core.Config;
using Nodepool.Core.Launching.Pools;
using Nodepool.Core.Model;
using Nodepool.Core.State;
using Nodepool.Core.View;

namespace Nodepool.Tests.Launching;

/// <summary>
/// A provider with room for a few nodes that two pools share, more work than it can do, and the planner that decides who gets them, on a clock of steps: nodes are there at once,
/// work for a while and are gone. Checks what decision 0012 promises whenever something is launched.
/// </summary>
internal sealed class FairnessDay
{
    private const int Room = 12;
    private const double Step = 30;
    private const double LongestUse = 1800;

    private static readonly string[] Sizes = ["any", "any", "first", "second"];

    private readonly Random _random;
    private readonly Dictionary<string, double> _ends = [];
    private readonly Dictionary<string, double> _firstOfAllSince = [];
    private readonly Dictionary<string, double> _firstOfPartySince = [];
    private readonly bool[] _paused = new bool[2];
    private readonly int _tenantLimit;
    private ClusterView _view = new();
    private double _now = 1_000_000;
    private int _ids;

    public FairnessDay(int seed)
    {
        _random = new Random(seed);
        _tenantLimit = seed % 3 == 0 ? Room / 2 : int.MaxValue;
    }

    /// <summary>What went against the promises.</summary>
    public List<string> Broken { get; } = [];

    /// <summary>Requests that got their nodes, by number of nodes.</summary>
    public SortedDictionary<int, int> Served { get; } = [];

    /// <summary>Node-seconds of each tenant, over the time in which all had requests waiting.</summary>
    public Dictionary<string, double> Used { get; } = [];

    /// <summary>The part of the room that was in use while somebody waited.</summary>
    public double Utilisation { get; private set; }

    /// <summary>Lets so many hours pass.</summary>
    /// <param name="hours">How many.</param>
    /// <param name="tenants">Who asks.</param>
    /// <param name="largest">Most nodes of a request.</param>
    public void Run(int hours, string[] tenants, int largest)
    {
        var steps = (int)(hours * 3600 / Step);
        var busy = 0.0;
        for (var i = 0; i < steps; i++, _now += Step)
        {
            foreach (var ended in _ends.Where(pair => pair.Value <= _now).Select(pair => pair.Key).ToArray())
            {
                _ends.Remove(ended);
                Put(NodepoolPaths.Node(ended), null);
            }

            // About one and a half times what the room is good for.
            if (_random.NextDouble() < 1.5 * Room * Step / (LongestUse / 2) / ((largest + 1) / 2.0))
            {
                Ask(tenants[_random.Next(tenants.Length)], _random.Next(8) == 0 ? largest : _random.Next(1, largest + 1));
            }

            Track();
            Pass(0);
            Pass(1);
            busy += (double)_ends.Count / Room / steps;
            foreach (var node in _view.Nodes.ById.Values.Where(_ => i > steps / 4))
            {
                Used[node.Record!.TenantName!] = Used.GetValueOrDefault(node.Record.TenantName!) + Step;
            }
        }

        Utilisation = busy;
    }

    private void Ask(string tenant, int nodes)
    {
        var place = Sizes[_random.Next(Sizes.Length)];
        var record = new NodeRequestRecord
        {
            State = RequestState.Requested,
            StateTime = _now,
            CreatedTime = _now,
            NodeTypes = Enumerable.Repeat(place, tenant == "limited" ? Math.Min(nodes, _tenantLimit) : nodes).ToValueList(),
            TenantName = tenant,
            RelativePriority = _random.Next(4),
        };
        Put(NodepoolPaths.Request($"200-{_ids++:D10}"), record.Write());
    }

    private void Pass(int index)
    {
        var plan = PoolPlanner.Plan(_view, Model(index), _now);
        foreach (var assign in plan.Requests.Cast<PoolAction.Assign>())
        {
            Check(assign.Request);
            Served[assign.Launches.Count] = Served.GetValueOrDefault(assign.Launches.Count) + 1;
            Put(NodepoolPaths.Request(assign.Request.Id), null);
            foreach (var label in assign.Launches)
            {
                Launch(label, assign.Request, Names[index]);
            }
        }

        _paused[index] = plan.IsPaused;
        var component = new ComponentRecord
        {
            Kind = "pool",
            Hostname = "h",
            Id = Names[index],
            Name = Names[index],
            ProviderName = "p",
            SupportedLabels = ["any", Names[index]],
            Paused = _paused[index],
        };
        Put(NodepoolPaths.NewComponent("pool", "h") + index, component.Write());
    }

    private void Launch(string label, RequestView request, string pool)
    {
        var id = $"{_ids++:D10}";
        var node = new NodeRecord
        {
            State = NodeState.InUse,
            StateTime = _now,
            CreatedTime = _now,
            Type = [label],
            Provider = "p",
            Pool = pool,
            TenantName = request.Record!.TenantName,
            Resources = new ValueMap<long>([new(Quota.Instances, 1)]),
        };
        Put(NodepoolPaths.Node(id), node.Write());
        Put($"{NodepoolPaths.NodeLock(id)}/00__lock__0000000000", ReadOnlyMemory<byte>.Empty);
        _ends[id] = _now + (LongestUse * (0.1 + (0.9 * _random.NextDouble())));
    }

    /// <summary>Since when requests are first, and patient no longer.</summary>
    private void Track()
    {
        var order = FairOrder.Of(_view, _ => 1, _now).ToArray();
        var firstOfAll = order.Take(1).ToArray();
        var firstOfParty = order.DistinctBy(request => request.Record!.TenantName).ToArray();
        Track(_firstOfAllSince, firstOfAll);
        Track(_firstOfPartySince, firstOfParty);
        foreach (var (id, since) in _firstOfAllSince.Where(pair => _now - pair.Value > (2 * LongestUse) + Step))
        {
            Broken.Add($"request {id} for {_view.Requests[id].Record!.NodeTypes.Count} is the first of all since {_now - since} s");
        }
    }

    private void Track(Dictionary<string, double> since, RequestView[] first)
    {
        var now = first.Where(request => FairOrder.Age(request.Record!, _now) >= FairOrder.Patience.TotalSeconds).Select(request => request.Id).ToHashSet();
        foreach (var gone in since.Keys.Where(id => !now.Contains(id)).ToArray())
        {
            since.Remove(gone);
        }

        foreach (var id in now)
        {
            since.TryAdd(id, _now);
        }
    }

    private void Check(RequestView served)
    {
        foreach (var other in _view.OpenRequests.Where(other => other.Id != served.Id))
        {
            var isOfSameParty = other.Record!.TenantName == served.Record!.TenantName;
            if (isOfSameParty && served.Record.CreatedTime - other.Record.CreatedTime > FairOrder.Head.TotalSeconds)
            {
                Broken.Add($"request {served.Id} goes before {other.Id} of its party, which is {served.Record.CreatedTime - other.Record.CreatedTime} s older");
            }

            if (!isOfSameParty && served.Record.CreatedTime > other.Record.CreatedTime && _tenantLimit == int.MaxValue
                && _firstOfPartySince.TryGetValue(other.Id, out var since) && _now - since > LongestUse + Step)
            {
                Broken.Add($"request {served.Id} goes before {other.Id}, which is older and the first of its party since {_now - since} s");
            }
        }
    }

    private static readonly string[] Names = ["first", "second"];

    private PoolModel Model(int index)
    {
        var pool = new PoolConfig { Name = Names[index], Labels = [new PoolLabelConfig { Name = "any" }, new PoolLabelConfig { Name = Names[index] }] };
        return new PoolModel
        {
            Key = new PoolKey("p", Names[index]),
            ComponentId = Names[index],
            Provider = new ProviderConfig { Name = "p", Driver = "fake", Pools = [pool] },
            Config = pool,
            Costs = new ValueMap<Quota>(pool.Labels.Select(label => KeyValuePair.Create(label.Name, Quota.Of((Quota.Instances, 1))))),
            ProviderLimits = Quota.Of((Quota.Instances, Room)),
            Tenants = _tenantLimit == int.MaxValue ? ValueMap<TenantLimit>.Empty
                : new ValueMap<TenantLimit>([new("limited", new TenantLimit("limited", Quota.Of((Quota.Instances, _tenantLimit))))]),
        };
    }

    private void Put(string path, ReadOnlyMemory<byte>? data)
    {
        var position = _view.Position + 1;
        var entry = data is { } bytes ? new Entry(path, bytes, 0, position, position, 0, 0, 0) : null;
        _view = _view.After(new ChangeBatch(position, false, [new Change(path, entry)]));
    }
}
