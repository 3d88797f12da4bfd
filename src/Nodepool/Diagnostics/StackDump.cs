using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;

namespace Nodepool.Diagnostics;

/// <summary>Writes the stacks of all threads, and of all async methods that wait, to the log. They are read by a short-lived process of this program.</summary>
internal sealed partial class StackDump(ILoggerFactory loggers, TimeProvider time)
{
    private const int MostLines = 4000;

    /// <summary>Yama: this process may be looked at by one that is not its ancestor (prctl(2)).</summary>
    private const int SetTracer = 0x59616d61;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    private readonly ILogger _logger = loggers.CreateLogger("nodepool.stack_dump");

    /// <summary>Takes one picture. Never fails: what keeps it from being taken is logged in one line.</summary>
    public async Task WriteAsync(CancellationToken ct)
    {
        try
        {
            using var limit = new CancellationTokenSource(Patience, time);
            using var until = CancellationTokenSource.CreateLinkedTokenSource(ct, limit.Token);
            var (text, failure) = await ReadAsync(until.Token);
            if (failure is not null)
            {
                LogFailed(_logger, failure);
                return;
            }

            Write(text.Split('\n', StringSplitOptions.RemoveEmptyEntries));
        }
        catch (Exception e) when (e is Win32Exception or IOException or InvalidOperationException or OperationCanceledException)
        {
            LogFailed(_logger, e is OperationCanceledException ? $"it took more than {Patience.TotalSeconds:0} s" : e.Message);
        }
    }

    private static async Task<(string Text, string? Failure)> ReadAsync(CancellationToken ct)
    {
        var start = new ProcessStartInfo(Environment.ProcessPath!, [StackReader.Verb, Environment.ProcessId.ToString(CultureInfo.InvariantCulture)])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        using var reader = Process.Start(start) ?? throw new InvalidOperationException("the process that reads them cannot be started");
        try
        {
            var text = reader.StandardOutput.ReadToEndAsync(ct);
            var error = reader.StandardError.ReadToEndAsync(ct);

            // Kernels without Yama refuse this, and ask for no permission.
            _ = Control(SetTracer, (nuint)reader.Id, 0, 0, 0);
            await reader.StandardInput.WriteLineAsync("look".AsMemory(), ct);
            await reader.WaitForExitAsync(ct);
            return reader.ExitCode == 0 ? (await text, null) : ("", FirstLine(await error) ?? $"the process that reads them ended with status {reader.ExitCode}");
        }
        finally
        {
            if (!reader.HasExited)
            {
                reader.Kill();
            }
        }
    }

    private static string? FirstLine(string text) => text.Split('\n', StringSplitOptions.RemoveEmptyEntries).FirstOrDefault();

    private void Write(string[] lines)
    {
        LogBegin(_logger, lines.Length);
        foreach (var line in lines.Take(MostLines))
        {
            LogLine(_logger, line);
        }

        if (lines.Length > MostLines)
        {
            LogCut(_logger, lines.Length - MostLines);
        }
    }

    [LibraryImport("libc", EntryPoint = "prctl")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int Control(int option, nuint first, nuint second, nuint third, nuint fourth);

    [LoggerMessage(Level = LogLevel.Information, Message = "SIGUSR2: the stacks of this process follow, {Lines} lines")]
    private static partial void LogBegin(ILogger logger, int lines);

    [LoggerMessage(Level = LogLevel.Information, Message = "{Line}")]
    private static partial void LogLine(ILogger logger, string line);

    [LoggerMessage(Level = LogLevel.Information, Message = "and {Lines} more lines")]
    private static partial void LogCut(ILogger logger, int lines);

    [LoggerMessage(Level = LogLevel.Warning, Message = "SIGUSR2: the stacks cannot be read: {Reason}")]
    private static partial void LogFailed(ILogger logger, string reason);
}
