using System.Globalization;
using Nodepool.Core;
using Nodepool.Core.Collections;
using Nodepool.Core.Config;
using Nodepool.Core.Launching.Duties;
using Nodepool.Core.Launching.Pools;
using Nodepool.Core.Model;
using Nodepool.Core.State;
using Nodepool.Core.View;
using Nodepool.Testing.View;

namespace Nodepool.Bench.Planner;

/// <summary>What a pass costs when many nodes exist and many requests wait: the view after one change, and each planner on it. CPU time, so that a busy machine says the same.</summary>
internal static class PlannerBenchmark
{
    private const int Requests = 5_000;
    private const int Labels = 20;

    private static readonly NodeState[] States = [NodeState.Ready, NodeState.InUse, NodeState.InUse, NodeState.Building, NodeState.Hold, NodeState.Deleting];

    /// <summary>Runs all.</summary>
    public static Task RunAsync(TextWriter output, IReadOnlyList<string> arguments)
    {
        _ = arguments;
        Run(output, nodes: 10_000, pools: 1, Requests, States);
        Run(output, nodes: 10_000, pools: 40, Requests, States);
        Run(output, nodes: 100_000, pools: 1, Requests, States);
        Run(output, nodes: 5_000, pools: 10, requests: 0, [NodeState.Ready]);
        Run(output, nodes: 5_000, pools: 10, requests: 0, [NodeState.InUse]);
        return Task.CompletedTask;
    }

    private static void Run(TextWriter output, int nodes, int pools, int requests, NodeState[] states)
    {
        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{nodes} nodes ({string.Join(", ", states.Distinct())}), {pools} pools, {requests} requests"));
        var fixture = Fill(nodes, pools, requests, states);
        var view = fixture.View;
        Measure(output, "view: read everything", () => fixture.View);

        var node = NodepoolPaths.Node(Id(1));
        var change = new ChangeBatch(view.Position, false, [new(node, new Entry(node, view.Nodes.ById[Id(1)].Record!.Write(), 1, 1, 2, 0, 0, 0))]);
        Measure(output, "view: one node changed", () => view.After(change));

        var roomy = Model(0, pools, maxServers: 2 * nodes);
        var full = Model(0, pools, maxServers: nodes / pools);
        Measure(output, "pool pass: room for all requests", () => PoolPlanner.Plan(view, roomy, ViewFixture.Now));
        Measure(output, "pool pass: pool is full", () => PoolPlanner.Plan(view, full, ViewFixture.Now));
        Measure(output, "pool pass: pool is full for long", () => PoolPlanner.Plan(view, full, ViewFixture.Now + 3600));
        Measure(output, "explain one request", () => (object?)PoolPlanner.Explain(view, full, RequestId(requests - 1), ViewFixture.Now) ?? view);
        var config = Config(roomy);
        Measure(output, "min-ready pass", () => MinReadyPlanner.Plan(view, config, _ => false, 0));
        Measure(output, "housekeeping pass", () => HousekeepingPlanner.Plan(view, config, ViewFixture.Now));
        Measure(output, "pass over ages", () => AgePlanner.Plan(view, config, "p", ViewFixture.Now));
    }

    private static void Measure(TextWriter output, string name, Func<object> pass)
    {
        var once = TimeOf(pass, 1);
        var times = (int)Math.Clamp(100 / Math.Max(0.01, TimeOf(pass, 1)), 1, 2000);
        var rounds = new double[3];
        for (var round = 0; round < rounds.Length; round++)
        {
            rounds[round] = TimeOf(pass, times) / times;
        }

        Array.Sort(rounds);
        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"  {name,-48} {rounds[1],12:F3} ms  ({rounds[0]:F3}..{rounds[^1]:F3}; at first {once:F3})"));
    }

    private static double TimeOf(Func<object> pass, int times)
    {
        var start = Environment.CpuUsage.UserTime;
        for (var i = 0; i < times; i++)
        {
            _ = pass();
        }

        return (Environment.CpuUsage.UserTime - start).TotalMilliseconds;
    }

    private static ViewFixture Fill(int nodes, int pools, int requests, NodeState[] states)
    {
        var fixture = new ViewFixture();
        for (var pool = 0; pool < pools; pool++)
        {
            fixture.Pool($"me{pool}", "p", PoolName(pool), [.. Enumerable.Range(0, Labels).Select(Label)]);
        }

        for (var i = 0; i < nodes; i++)
        {
            var state = states[i % states.Length];
            var pool = PoolName(i % pools);
            fixture.Node(Id(i), state, Label(i), change: node => node with { Pool = pool, TenantName = state == NodeState.Ready ? null : $"tenant-{i % 7}" });
            if (state is NodeState.InUse or NodeState.Building or NodeState.Deleting)
            {
                fixture.Lock(Id(i));
            }
        }

        for (var i = 0; i < requests; i++)
        {
            // Every fifth wants two nodes; most ask for labels of which idle nodes run out.
            fixture.Request(RequestId(i), RequestState.Requested, request => request with { TenantName = $"tenant-{i % 7}" }, i % 5 == 0 ? [Label(i), Label(i + 1)] : [Label(i)]);
        }

        return fixture;
    }

    private static PoolModel Model(int number, int pools, int maxServers)
    {
        var all = Enumerable.Range(0, pools).Select(i => new PoolConfig
        {
            Name = PoolName(i),
            Limits = Quota.Of((Quota.Instances, maxServers)),
            Labels = Enumerable.Range(0, Labels).Select(i => new PoolLabelConfig { Name = Label(i) }).ToValueList(),
        }).ToValueList();
        return new PoolModel
        {
            Key = new PoolKey("p", PoolName(number)),
            ComponentId = $"me{number}",
            Provider = new ProviderConfig { Name = "p", Driver = "fake", Pools = all },
            Config = all[number],
            Costs = new ValueMap<Quota>(all[number].Labels.Select(label => KeyValuePair.Create(label.Name, Quota.Of((Quota.Instances, 1))))),
        };
    }

    private static NodepoolConfig Config(PoolModel model) => new()
    {
        Labels = Enumerable.Range(0, Labels).Select(i => new LabelConfig { Name = Label(i), MinReady = 100, MaxReadyAge = TimeSpan.FromDays(1) }).ToValueList(),
        Providers = [model.Provider],
        MaxHoldAge = TimeSpan.FromDays(1),
    };

    private static string RequestId(int i) => $"{(i % 3 + 1) * 100}-{i:D10}";

    private static string PoolName(int i) => i == 0 ? "main" : $"pool-{i}";

    private static string Label(int i) => $"label-{i % Labels}";

    private static string Id(int i) => i.ToString("D10", CultureInfo.InvariantCulture);
}
