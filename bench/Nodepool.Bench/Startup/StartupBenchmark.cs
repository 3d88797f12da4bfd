using System.Diagnostics;
using Microsoft.Extensions.Logging.Abstractions;
using Nodepool.Core;
using Nodepool.Core.Model;
using Nodepool.Core.State;
using Nodepool.State.Sqlite;

namespace Nodepool.Bench.Startup;

/// <summary>
/// What one call of a command costs, from fork to exit: <c>nodepool list</c> on 1,000 nodes, and <c>--version</c>, which shows what the start
/// alone is. Programs take turns, so that a busy machine is unfair to all of them alike.
/// </summary>
internal static class StartupBenchmark
{
    private const int Nodes = 1000;
    private const int Rounds = 40;

    private const string Config =
        """
        state-dir: .
        labels:
          - name: debian
        providers:
          - name: cloud
            driver: fake
            pools:
              - name: main
                labels:
                  - name: debian
                    cloud-image: debian
                    min-ram: 1024
            cloud-images:
              - name: debian
        """;

    /// <summary>Measures the programs that the arguments name; else the one that the build made and those of ./dev publish.</summary>
    public static async Task RunAsync(TextWriter output, IReadOnlyList<string> arguments)
    {
        var directory = Directory.CreateTempSubdirectory("nodepool-bench-").FullName;
        try
        {
            var config = Path.Combine(directory, "nodepool.yaml");
            await File.WriteAllTextAsync(config, Config);
            await FillAsync(Path.Combine(directory, "state.db"));
            string[] programs = [.. arguments.Count > 0 ? arguments : new[] { Programs.Built, Programs.PublishedDaemon, Programs.PublishedCommands }.Where(File.Exists)];
            Measure(output, programs, "list", ["-c", config, "list"]);
            Measure(output, programs, "--version", ["--version"]);
        }
        finally
        {
            Directory.Delete(directory, recursive: true);
        }
    }

    private static async Task FillAsync(string store)
    {
        await using var engine = await SqliteEngine.OpenAsync(store, SystemSources.Create(), NullLogger.Instance, default);
        for (var first = 0; first < Nodes; first += 100)
        {
            await engine.CommitAsync([.. Enumerable.Range(first, 100).Select(id => (Write)new Write.Create(NodepoolPaths.Node($"{id:0000000000}"), Node(id).Write(), default))], default);
        }
    }

    private static NodeRecord Node(int id) => new()
    {
        State = id % 3 == 0 ? NodeState.Ready : NodeState.InUse,
        StateTime = 1_700_000_000 + id,
        CreatedTime = 1_700_000_000,
        Type = ["debian"],
        Provider = "cloud",
        Pool = "main",
        PublicIPv4 = $"203.0.113.{id % 256}",
        InterfaceIp = $"203.0.113.{id % 256}",
        Hostname = $"debian-cloud-{id:0000000000}",
        HostKeys = ["ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"],
        Comment = "a node of the benchmark",
    };

    private static void Measure(TextWriter output, string[] programs, string what, string[] arguments)
    {
        var times = programs.Select(_ => new List<double>(Rounds)).ToArray();
        for (var round = -3; round < Rounds; round++)
        {
            for (var i = 0; i < programs.Length; i++)
            {
                var took = RunOnce(programs[i], arguments);
                if (round >= 0)
                {
                    times[i].Add(took);
                }
            }
        }

        for (var i = 0; i < programs.Length; i++)
        {
            times[i].Sort();
            var median = times[i][Rounds / 2];
            output.WriteLine($"{what,-10} min {times[i][0],6:0.0} ms  median {median,6:0.0} ms  p90 {times[i][Rounds * 9 / 10],6:0.0} ms  {times[0][Rounds / 2] / median,5:0.0}x  {programs[i]}");
        }
    }

    private static double RunOnce(string program, string[] arguments)
    {
        var start = Stopwatch.GetTimestamp();
        using var process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true })!;
        process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        var took = Stopwatch.GetElapsedTime(start).TotalMilliseconds;
        return process.ExitCode == 0 ? took : throw new InvalidOperationException($"{program} {string.Join(' ', arguments)} ended with status {process.ExitCode}");
    }
}
