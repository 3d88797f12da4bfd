using Nodepool.Bench;
using Nodepool.Bench.Days;
using Nodepool.Bench.Governor;
using Nodepool.Bench.OpenStack;
using Nodepool.Bench.Planner;
using Nodepool.Bench.Requests;
using Nodepool.Bench.Startup;
using Nodepool.Bench.State;
using Nodepool.Bench.ZooKeeper;

// Name, what it measures, and how to run it; names beginning with a dot are processes that a benchmark starts.
Benchmark[] benchmarks =
[
    new("state", "commits, reads, watches of the state engines", StateBenchmark.RunAsync),
    new("planner", "passes over 10,000 nodes and 5,000 requests", PlannerBenchmark.RunAsync),
    new("governor", "the same load with and without the governor, on clouds that misbehave (simulated clocks)", GovernorBenchmark.RunAsync),
    new("request", "request to fulfilled over the SQLite store", RequestBenchmark.RunAsync),
    new("zookeeper", "nodepool launcher on a ZooKeeper server, under a client that does what Zuul does", ZooKeeperBenchmark.RunAsync),
    new("openstack", "nodepool launcher on a real OpenStack with machines that are only said to run", OpenStackBenchmark.RunAsync),
    new("startup", "one call of 'list' on 1,000 nodes: the built program against the published ones", StartupBenchmark.RunAsync),
    new("day", "simulated days of twenty thousand requests on clouds that misbehave", DayBenchmark.RunAsync),
    new(StateChild.Name, "", StateChild.RunAsync),
];

if (args.Length > 0 && Array.Find(benchmarks, one => one.Name == args[0]) is { } chosen)
{
    await chosen.RunAsync(Console.Out, args[1..]);
    return 0;
}

Console.Error.WriteLine("Usage: Nodepool.Bench NAME [ARGUMENTS]");
foreach (var one in benchmarks.Where(one => one.Name[0] != '.'))
{
    Console.Error.WriteLine($"  {one.Name,-12} {one.Summary}");
}

return 2;
