using System.Diagnostics;
using System.Globalization;
using System.Text;
using Microsoft.Extensions.Logging.Abstractions;
using Nodepool.Core;
using Nodepool.Core.State;
using Nodepool.State.Sqlite;

namespace Nodepool.Bench.State;

/// <summary>This program as another process on the same store.</summary>
internal static class StateChild
{
    public const string Name = ".state-child";

    /// <summary>Runs the other side: <c>write FILE COMMITS ENTRY</c> or <c>tick FILE COMMITS ENTRY</c>, after a line of input.</summary>
    public static async Task RunAsync(TextWriter output, IReadOnlyList<string> arguments)
    {
        var (mode, file, commits, path) = (arguments[0], arguments[1], int.Parse(arguments[2], CultureInfo.InvariantCulture), arguments[3]);
        await using var engine = await SqliteEngine.OpenAsync(file, SystemSources.Create(), NullLogger.Instance, default);
        await output.WriteLineAsync("ready");
        await output.FlushAsync();
        await Console.In.ReadLineAsync();
        for (var i = 0; i < commits; i++)
        {
            var data = mode == "tick" ? Encoding.ASCII.GetBytes(Stopwatch.GetTimestamp().ToString(CultureInfo.InvariantCulture)) : new byte[500];
            await engine.CommitAsync([new Write.Set(path, data, Write.AnyVersion)], default);
            if (mode == "tick")
            {
                await Task.Delay(TimeSpan.FromMilliseconds(3), TimeProvider.System);
            }
        }

        await output.WriteLineAsync("done");
    }

    /// <summary>Starts several processes; each commits to an entry of its own when it is told to.</summary>
    public static async Task<IReadOnlyList<Process>> StartWritersAsync(string file, int processes, int commitsEach) =>
        await Task.WhenAll(Enumerable.Range(0, processes).Select(i => StartAsync("write", file, commitsEach, $"/nodepool/nodes/{i:D10}")));

    /// <summary>Lets a process write the time into an entry, again and again.</summary>
    public static async Task TickAsync(string file, string path, int commits) => await GoAsync([await StartAsync("tick", file, commits, path)]);

    /// <summary>Lets processes do their work and waits for their end.</summary>
    public static Task GoAsync(IReadOnlyList<Process> processes) => Task.WhenAll(processes.Select(async process =>
    {
        using (process)
        {
            await process.StandardInput.WriteLineAsync("go");
            process.StandardInput.Close();
            if (await process.StandardOutput.ReadLineAsync() != "done")
            {
                throw new InvalidOperationException("The other process failed.");
            }

            await process.WaitForExitAsync();
        }
    }));

    private static async Task<Process> StartAsync(string mode, string file, int commits, string path)
    {
        var start = new ProcessStartInfo(Environment.ProcessPath!) { RedirectStandardInput = true, RedirectStandardOutput = true };
        foreach (var argument in new[] { Name, mode, file, commits.ToString(CultureInfo.InvariantCulture), path })
        {
            start.ArgumentList.Add(argument);
        }

        var process = Process.Start(start)!;
        await process.StandardOutput.ReadLineAsync();
        return process;
    }
}
