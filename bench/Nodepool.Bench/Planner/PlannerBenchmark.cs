using System.Diagnostics;
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

/// <summary>What a pass costs when 10,000 nodes exist and 5,000 requests wait: the view after one change, and each planner on it.</summary>
internal static class PlannerBenchmark
{
    private const int Nodes = 10_000;
    private const int Requests = 5_000;
    private const int Labels = 20;

    private static readonly NodeState[] States = [NodeState.Ready, NodeState.InUse, NodeState.InUse, NodeState.Building, NodeState.Hold, NodeState.Deleting];

    /// <summary>Runs all.</summary>
    public static Task RunAsync(TextWriter output, IReadOnlyList<string> arguments)
    {
        _ = arguments;
        var fixture = Fill();
        var view = fixture.View;
        Measure(output, "view: read everything", 5, () => fixture.View);

        var node = NodepoolPaths.Node(Id(7));
        var change = new ChangeBatch(view.Position, false, [new(node, new Entry(node, view.Nodes.ById[Id(7)].Record!.Write(), 1, 1, 2, 0, 0, 0))]);
        Measure(output, "view: one node changed", 2000, () => view.After(change));

        var roomy = Model(maxServers: 20_000);
        var full = Model(maxServers: Nodes);
        Measure(output, "pool pass: room for all requests", 5, () => PoolPlanner.Plan(view, roomy, ViewFixture.Now));
        Measure(output, "pool pass: pool is full", 20, () => PoolPlanner.Plan(view, full, ViewFixture.Now));
        var config = Config(roomy);
        Measure(output, "min-ready pass", 50, () => MinReadyPlanner.Plan(view, config, _ => false));
        Measure(output, "housekeeping pass", 50, () => HousekeepingPlanner.Plan(view, config, ViewFixture.Now));
        return Task.CompletedTask;
    }

    private static void Measure(TextWriter output, string name, int times, Func<object> pass)
    {
        _ = pass();
        var rounds = new double[5];
        for (var round = 0; round < rounds.Length; round++)
        {
            var start = Stopwatch.GetTimestamp();
            for (var i = 0; i < times; i++)
            {
                _ = pass();
            }

            rounds[round] = Stopwatch.GetElapsedTime(start).TotalMilliseconds / times;
        }

        Array.Sort(rounds);
        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{name,-50} {rounds[2],12:F3} ms  ({rounds[0]:F3}..{rounds[^1]:F3})"));
    }

    private static ViewFixture Fill()
    {
        var fixture = new ViewFixture().Pool("me", "p", "main", [.. Enumerable.Range(0, Labels).Select(Label)]);
        for (var i = 0; i < Nodes; i++)
        {
            var state = States[i % States.Length];
            fixture.Node(Id(i), state, Label(i));
            if (state is NodeState.InUse or NodeState.Building or NodeState.Deleting)
            {
                fixture.Lock(Id(i));
            }
        }

        for (var i = 0; i < Requests; i++)
        {
            // Every fifth wants two nodes; most ask for labels of which idle nodes run out.
            fixture.Request($"{(i % 3 + 1) * 100}-{i:D10}", RequestState.Requested, i % 5 == 0 ? [Label(i), Label(i + 1)] : [Label(i)]);
        }

        return fixture;
    }

    private static PoolModel Model(int maxServers)
    {
        var pool = new PoolConfig
        {
            Name = "main",
            Limits = Quota.Of((Quota.Instances, maxServers)),
            Labels = Enumerable.Range(0, Labels).Select(i => new PoolLabelConfig { Name = Label(i) }).ToValueList(),
        };
        return new PoolModel
        {
            Key = new PoolKey("p", "main"),
            ComponentId = "me",
            Provider = new ProviderConfig { Name = "p", Driver = "fake", Pools = [pool] },
            Config = pool,
            Costs = new ValueMap<Quota>(pool.Labels.Select(label => KeyValuePair.Create(label.Name, Quota.Of((Quota.Instances, 1))))),
        };
    }

    private static NodepoolConfig Config(PoolModel model) => new()
    {
        Labels = Enumerable.Range(0, Labels).Select(i => new LabelConfig { Name = Label(i), MinReady = 100, MaxReadyAge = TimeSpan.FromDays(1) }).ToValueList(),
        Providers = [model.Provider],
        MaxHoldAge = TimeSpan.FromDays(1),
    };

    private static string Label(int i) => $"label-{i % Labels}";

    private static string Id(int i) => i.ToString("D10", CultureInfo.InvariantCulture);
}
