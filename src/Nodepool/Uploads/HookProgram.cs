using System.ComponentModel;
using Nodepool.Core.Images;
using Nodepool.Logging;
using Nodepool.Providers.Processes;

namespace Nodepool.Uploads;

/// <summary>
/// Runs a <c>post-upload-hook</c> as a program of its own. Its processes carry in their environment what they look at: the next one that is to look at the
/// same image ends those that a dead builder has left.
/// </summary>
internal sealed class HookProgram(TimeProvider time) : IPostUploadHook
{
    private const int LongestQuote = 200;
    private const string MarkName = "NODEPOOL_HOOK";

    public async Task RunAsync(PostUploadOrder order, CancellationToken ct)
    {
        var mark = $"{order.Provider}/{order.ExternalId}";
        await EndAsync(mark, ct);
        ProcessOutcome outcome;
        try
        {
            outcome = await ChildProcess.RunAsync(
                new ProcessOrder { Program = order.Program, Arguments = [order.Provider, order.ExternalId, order.File], Environment = new([new(MarkName, mark)]) }, time, ct);
        }
        catch (Exception e) when (e is ProgramMissingException or IOException or Win32Exception)
        {
            throw new PostUploadException($"post-upload-hook {order.Program} cannot be run: {e.Message}", e);
        }

        if (outcome.ExitCode != 0)
        {
            throw new PostUploadException($"post-upload-hook {order.Program} refused it with status {outcome.ExitCode}{Quote(outcome.LastLine)}");
        }
    }

    private async Task EndAsync(string mark, CancellationToken ct)
    {
        foreach (var process in MarkedProcesses.Find(MarkName, mark))
        {
            process.Kill(ProcessSignal.Kill);
            await process.WaitUntilGoneAsync(time, ct);
        }
    }

    private static string Quote(string line) => line.Length == 0 ? "" : $": {Printable.Line(line.Length <= LongestQuote ? line : line[..LongestQuote] + "…")}";
}
