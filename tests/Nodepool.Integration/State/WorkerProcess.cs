using System.Diagnostics;

namespace Nodepool.Integration.State;

/// <summary>Another process on the same store. It is killed at the latest when the test ends.</summary>
internal sealed class WorkerProcess : IDisposable
{
    private static readonly string Program = FindProgram();

    private readonly Process _process;

    public WorkerProcess(string command, string store, params string[] arguments)
    {
        var start = new ProcessStartInfo(Program, [command, store, .. arguments])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
        };
        _process = Process.Start(start)!;
    }

    /// <summary>Its next line; null when it is over.</summary>
    public Task<string?> HearAsync() => _process.StandardOutput.ReadLineAsync(TestContext.Current.CancellationToken).AsTask();

    public async Task HearAsync(string expected) => Assert.Equal(expected, await HearAsync());

    public async Task TellAsync() => await _process.StandardInput.WriteLineAsync("go");

    /// <summary>Kills it (<c>SIGKILL</c>) and waits until the kernel has taken it away.</summary>
    public async Task KillAsync()
    {
        _process.Kill();
        await _process.WaitForExitAsync(TestContext.Current.CancellationToken);
    }

    public void Dispose()
    {
        if (!_process.HasExited)
        {
            _process.Kill();
        }

        _process.Dispose();
    }

    /// <summary>It is built beside this assembly: <c>bin/PROJECT/CONFIGURATION</c>.</summary>
    private static string FindProgram()
    {
        var here = new DirectoryInfo(Path.TrimEndingDirectorySeparator(AppContext.BaseDirectory));
        return Path.Combine(here.Parent!.Parent!.FullName, "Nodepool.Worker", here.Name, "Nodepool.Worker");
    }
}
