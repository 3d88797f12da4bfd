using System.Diagnostics;
using System.Text;

namespace Nodepool.Integration.Cli;

/// <summary>A run of the built program.</summary>
internal sealed class NodepoolProcess : IAsyncDisposable
{
    public const int Interrupt = 2;
    public const int Kill = 9;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(120);

    private readonly Process _process;
    private readonly StringBuilder _out = new();
    private readonly StringBuilder _error = new();

    private NodepoolProcess(Process process) => _process = process;

    public int Id => _process.Id;

    public string Out => Read(_out);

    public string Error => Read(_error);

    /// <summary>Starts it.</summary>
    /// <param name="program">The built program or a link to it.</param>
    /// <param name="arguments">Its arguments.</param>
    public static NodepoolProcess Start(string program, params string[] arguments) => Start(program, [], arguments);

    /// <summary>Starts it with a changed environment.</summary>
    /// <param name="program">The built program or a link to it.</param>
    /// <param name="environment">Variables; null removes one.</param>
    /// <param name="arguments">Its arguments.</param>
    public static NodepoolProcess Start(string program, IReadOnlyList<(string Name, string? Value)> environment, params string[] arguments)
    {
        var start = new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true, RedirectStandardInput = true };
        foreach (var (name, value) in environment)
        {
            start.Environment[name] = value;
        }

        var it = new NodepoolProcess(new Process { StartInfo = start });
        it._process.OutputDataReceived += (_, line) => Add(it._out, line.Data);
        it._process.ErrorDataReceived += (_, line) => Add(it._error, line.Data);
        Assert.True(it._process.Start());
        it._process.BeginOutputReadLine();
        it._process.BeginErrorReadLine();
        return it;
    }

    /// <summary>The program that this build made.</summary>
    public static string Program { get; } = Path.Combine(AppContext.BaseDirectory, "nodepool");

    /// <summary>Runs it to its end.</summary>
    public static async Task<(int Status, string Out, string Error)> RunAsync(params string[] arguments)
    {
        await using var process = Start(Program, arguments);
        var status = await process.EndAsync();
        return (status, process.Out, process.Error);
    }

    public void Signal(int number)
    {
        using var kill = Process.Start("kill", [$"-{number}", $"{_process.Id}"]);
        kill.WaitForExit();
        Assert.Equal(0, kill.ExitCode);
    }

    /// <summary>Waits for a text on standard error and returns all of it.</summary>
    public async Task<string> SaysAsync(string text)
    {
        using var patience = new CancellationTokenSource(Patience, TimeProvider.System);
        while (!Error.Contains(text, StringComparison.Ordinal))
        {
            Assert.False(patience.IsCancellationRequested || _process.HasExited, $"it never said '{text}':\n{Error}\n{Out}");
            await Task.Delay(TimeSpan.FromMilliseconds(10), TimeProvider.System);
        }

        return Error;
    }

    /// <summary>Waits for its end.</summary>
    /// <returns>The exit status.</returns>
    public async Task<int> EndAsync(TimeSpan? longest = null)
    {
        using var patience = new CancellationTokenSource(longest ?? Patience, TimeProvider.System);
        await _process.WaitForExitAsync(patience.Token);
        return _process.ExitCode;
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            _process.Kill();
            await _process.WaitForExitAsync();
        }

        _process.Dispose();
    }

    private static void Add(StringBuilder text, string? line)
    {
        if (line is not null)
        {
            lock (text)
            {
                text.Append(line).Append('\n');
            }
        }
    }

    private static string Read(StringBuilder text)
    {
        lock (text)
        {
            return text.ToString();
        }
    }
}
