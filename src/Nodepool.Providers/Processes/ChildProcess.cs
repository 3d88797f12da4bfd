using System.Diagnostics;

namespace Nodepool.Providers.Processes;

/// <summary>Runs programs so that nothing of them stays when they are stopped.</summary>
/// <remarks>
/// Each child leads a session and process group of its own: it is started through <c>setsid</c> (util-linux, an essential package), which makes
/// the session and then becomes the program, so the number of the child is that of its group. Ctrl-C in a terminal therefore reaches this
/// program only, which decides what to stop.
/// </remarks>
public static class ChildProcess
{
    /// <summary>How long a child that was asked to end (SIGTERM) may take before it is killed.</summary>
    public static readonly TimeSpan Grace = TimeSpan.FromSeconds(5);

    // Constant scripts: data comes as arguments only. One pipe for both outputs keeps their order.
    private const string MergeScript = "exec \"$@\" 2>&1";
    private const string DetachScript = "log=$1; shift; exec \"$@\" </dev/null >>\"$log\" 2>&1";

    private static readonly TimeSpan PipeGrace = TimeSpan.FromSeconds(1);

    /// <summary>
    /// Runs a program until it ends. Its exit status is the caller's to judge. Background processes that it leaves behind are not touched
    /// unless it is stopped: then its whole session gets SIGTERM, after <see cref="Grace"/> SIGKILL, and the call returns when all of it is gone.
    /// </summary>
    /// <exception cref="ProgramMissingException">There is no such program.</exception>
    /// <exception cref="IOException">The log cannot be opened; nothing was started.</exception>
    /// <exception cref="TimeoutException">It took longer than <see cref="ProcessOrder.Timeout"/> and was ended.</exception>
    /// <exception cref="OperationCanceledException"><paramref name="ct"/> was cancelled; it was ended.</exception>
    public static async Task<ProcessOutcome> RunAsync(ProcessOrder order, TimeProvider time, CancellationToken ct)
    {
        ct.ThrowIfCancellationRequested();
        var start = Prepare(order);
        using var sink = new OutputSink(order);
        using var process = Process.Start(start)!;
        var session = ChildSession.Of(process.Id);
        using var limit = order.Timeout is { } timeout ? new CancellationTokenSource(timeout, time) : new CancellationTokenSource();
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(ct, limit.Token);
        var pumps = Task.WhenAll(
            sink.PumpAsync(process.StandardOutput.BaseStream, order.CaptureOutput),
            order.CaptureOutput ? sink.PumpAsync(process.StandardError.BaseStream, capture: false) : Task.CompletedTask,
            FeedAsync(process, order.Input));
        try
        {
            await process.WaitForExitAsync(stop.Token);
        }
        catch (OperationCanceledException)
        {
            var isOver = await session.EndAsync(Grace, time, order.EndForeign);
            if (isOver)
                await process.WaitForExitAsync(CancellationToken.None);
            await FinishAsync(pumps, time);
            ct.ThrowIfCancellationRequested();
            var end = isOver ? "was ended" : "could not be ended: some of its processes belong to another user";
            throw new TimeoutException($"{order.Program} took longer than {order.Timeout!.Value.TotalSeconds:0.###} s and {end}{Quote(sink.LastLines)}");
        }

        await FinishAsync(pumps, time);
        return new ProcessOutcome(process.ExitCode, sink.LastLines, sink.Captured);
    }

    /// <summary>
    /// Starts a program that outlives this one: in its own session, without input, its output appended to <see cref="ProcessOrder.LogPath"/>
    /// (required) by itself. Returns when it leads its session; a start that fails shows as a process that is soon gone, with the reason in the log.
    /// </summary>
    /// <returns>The started process (also the leader of its group), or null when it has ended already.</returns>
    /// <exception cref="ProgramMissingException">There is no such program.</exception>
    /// <exception cref="IOException">The log cannot be written; nothing was started.</exception>
    public static async Task<ProcessIdentity?> StartDetachedAsync(ProcessOrder order, TimeProvider time, CancellationToken ct)
    {
        ArgumentNullException.ThrowIfNull(order.LogPath);
        var start = Session(order, "sh", "-c", DetachScript, "sh", order.LogPath);
        // Made here so that a log that cannot be written is known now, and can be read at once.
        await File.AppendAllTextAsync(order.LogPath, "", ct);
        using var process = Process.Start(start)!;
        process.StandardInput.Close();
        ProcStat? stat;
        while ((stat = ProcStat.Read(process.Id)) is { Runs: true } && stat.Value.Session != process.Id)
        {
            await Task.Delay(TimeSpan.FromMilliseconds(1), time, ct);
        }

        return ProcessIdentity.Of(process.Id);
    }

    private static ProcessStartInfo Prepare(ProcessOrder order)
    {
        var start = order.CaptureOutput ? Session(order) : Session(order, "sh", "-c", MergeScript, "sh");
        start.RedirectStandardOutput = true;
        start.RedirectStandardError = order.CaptureOutput;
        return start;
    }

    private static ProcessStartInfo Session(ProcessOrder order, params ReadOnlySpan<string> wrapper)
    {
        var path = order.Environment.TryGetValue("PATH", out var own) ? Programs.Extend(own) : Programs.SearchPath;
        var program = Programs.Require(order.Program, path);
        var start = new ProcessStartInfo(Programs.Require("setsid"))
        {
            RedirectStandardInput = true,
            UseShellExecute = false,
            WorkingDirectory = order.WorkingDirectory ?? "",
        };
        foreach (var argument in (string[])[.. wrapper, program, .. order.Arguments])
        {
            start.ArgumentList.Add(argument);
        }

        foreach (var (name, value) in order.Environment)
        {
            start.Environment[name] = value;
        }

        start.Environment["PATH"] = path;
        return start;
    }

    private static async Task FeedAsync(Process process, ReadOnlyMemory<byte>? input)
    {
        try
        {
            await using var stream = process.StandardInput.BaseStream;
            if (input is { IsEmpty: false } bytes)
                await stream.WriteAsync(bytes);
        }
        catch (IOException)
        {
            // The child ended, or closed its input, before it had read everything: its exit status tells.
        }
    }

    private static async Task FinishAsync(Task pumps, TimeProvider time)
    {
        try
        {
            await pumps.WaitAsync(PipeGrace, time);
        }
        catch (TimeoutException)
        {
            // A background process of the child still holds the pipe; what it writes belongs to nobody.
        }
    }

    private static string Quote(string lastLines) => lastLines.Length == 0 ? "" : $"; its last output: {lastLines}";
}
