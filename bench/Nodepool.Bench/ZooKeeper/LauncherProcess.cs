using System.Diagnostics;
using System.Globalization;

namespace Nodepool.Bench.ZooKeeper;

/// <summary>The program as a launcher. It is killed at the latest when it is disposed.</summary>
internal sealed class LauncherProcess : IDisposable
{
    private const double TicksPerSecond = 100;

    private readonly Process _process;

    public LauncherProcess(string config, string log)
    {
        // The shell only puts the output into a file, and becomes the program.
        var start = new ProcessStartInfo("/bin/sh");
        foreach (var argument in new[] { "-c", "exec \"$@\" >>\"$0\" 2>&1", log, Programs.Daemon, "-c", config, "launcher", "--no-webapp" })
        {
            start.ArgumentList.Add(argument);
        }

        _process = Process.Start(start)!;
    }

    /// <summary>Seconds of processor time so far.</summary>
    public double CpuSeconds
    {
        get
        {
            var fields = File.ReadAllText($"/proc/{_process.Id}/stat").Split(") ")[1].Split(' ');
            return (Parse(fields[11]) + Parse(fields[12])) / TicksPerSecond;
        }
    }

    /// <summary>Memory in use, MiB.</summary>
    public double Rss => Parse(File.ReadLines($"/proc/{_process.Id}/status").First(line => line.StartsWith("VmRSS:", StringComparison.Ordinal)).Split(':')[1].Replace("kB", "", StringComparison.Ordinal)) / 1024;

    /// <summary>Ends it in order.</summary>
    public async Task StopAsync()
    {
        using var kill = Process.Start("kill", ["-TERM", $"{_process.Id}"]);
        await _process.WaitForExitAsync();
    }

    public void Dispose()
    {
        if (!_process.HasExited)
        {
            _process.Kill();
        }

        _process.Dispose();
    }

    private static double Parse(string text) => double.Parse(text.Trim(), CultureInfo.InvariantCulture);
}
