using System.Diagnostics;
using System.Globalization;
using System.Text;
using Nodepool.Core.Collections;
using Nodepool.Providers.Processes;

namespace Nodepool.Integration.Processes;

public sealed class ChildProcessTests : IDisposable
{
    private readonly ScratchDirectory _scratch = new();

    public void Dispose() => _scratch.Dispose();

    [Fact]
    public async Task Run_Output_GoesToLogInOrderAndToTheTail()
    {
        var log = _scratch.File("log");
        await File.WriteAllTextAsync(log, "before\n", Ct);
        var lines = new List<string>();

        var outcome = await RunAsync(Shell("echo one; echo two >&2; echo three; exit 7") with { LogPath = log, OnLine = lines.Add });

        Assert.Equal(new ProcessOutcome(7, "one\ntwo\nthree", ""), outcome);
        Assert.Equal("three", outcome.LastLine);
        Assert.Equal("before\none\ntwo\nthree\n", await File.ReadAllTextAsync(log, Ct));
        Assert.Equal(["one", "two", "three"], lines);
    }

    [Fact]
    public async Task Run_WithACover_NobodySeesWhatIsUnderIt()
    {
        var log = _scratch.File("log");
        var lines = new List<string>();

        var outcome = await RunAsync(Shell("echo a secret; printf 'another sec'; sleep 0.1; printf ret") with
        {
            LogPath = log,
            OnLine = lines.Add,
            Cover = line => line.Replace("secret", "***", StringComparison.Ordinal),
        });

        Assert.Equal("a ***\nanother ***", outcome.LastLines);
        Assert.Equal("a ***\nanother ***", await File.ReadAllTextAsync(log, Ct));
        Assert.Equal(["a ***"], lines);
    }

    [Fact]
    public async Task Run_Captured_KeepsStandardOutputApart()
    {
        var outcome = await RunAsync(Shell("cat; echo $WORD; pwd; echo bad >&2") with
        {
            CaptureOutput = true,
            Input = Encoding.UTF8.GetBytes("in\n"),
            Environment = new ValueMap<string>([new("WORD", "a b $(c)")]),
            WorkingDirectory = _scratch.Root,
        });

        Assert.Equal($"in\na b $(c)\n{_scratch.Root}\n", outcome.Output);
        Assert.Equal("bad", outcome.LastLines);
    }

    [Fact]
    public async Task Run_LargeInputThatNobodyReads_DoesNotHang() =>
        Assert.Equal(0, (await RunAsync(Shell("exit 0") with { Input = new byte[4 << 20] })).ExitCode);

    [Fact]
    public async Task Run_Arguments_ReachTheProgramUnchanged()
    {
        var outcome = await RunAsync(new ProcessOrder { Program = "printf", Arguments = ["%s|", "a b", "", "$HOME", "'\"", "*"], CaptureOutput = true });

        Assert.Equal("a b||$HOME|'\"|*|", outcome.Output);
    }

    [Fact]
    public async Task Run_MissingProgram_SaysSo() =>
        await Assert.ThrowsAsync<ProgramMissingException>(() => RunAsync(new ProcessOrder { Program = "no-such-program" }));

    [Fact]
    public async Task Run_KilledBySignal_ReportsIt() => Assert.Equal(128 + 9, (await RunAsync(Shell("kill -9 $$"))).ExitCode);

    [Fact]
    public async Task Run_BackgroundProcessHoldsThePipe_ReturnsSoonAfterTheProgram()
    {
        var watch = Stopwatch.StartNew();

        var outcome = await RunAsync(Shell("sleep 30 & echo $!"));

        Assert.True(watch.Elapsed < TimeSpan.FromSeconds(15), $"took {watch.Elapsed}");
        Assert.True(Identity(outcome.LastLine).Kill(ProcessSignal.Kill));
    }

    [Fact]
    public async Task Run_Timeout_EndsTheWholeGroupWithGrandchildren()
    {
        var pids = _scratch.File("pids");
        // A grandchild, one in the background of a subshell, and one in a group of its own (job control).
        var order = Shell($"echo working; sh -c 'echo $$ >>{pids}; sleep 301; true' & (sleep 302 & echo $! >>{pids}); set -m; sleep 303 & echo $! >>{pids}; wait") with
        {
            Timeout = TimeSpan.FromSeconds(2),
        };

        var fault = await Assert.ThrowsAsync<TimeoutException>(() => RunAsync(order));

        Assert.Contains("took longer than 2 s", fault.Message, StringComparison.Ordinal);
        Assert.Contains("working", fault.Message, StringComparison.Ordinal);
        var written = await File.ReadAllLinesAsync(pids, Ct);
        Assert.Equal(3, written.Length);
        Assert.All(written, pid => Assert.Null(ProcessIdentity.Of(int.Parse(pid, CultureInfo.InvariantCulture))));
    }

    [Fact]
    public async Task Run_CancelledWhileTermIsIgnored_KillsAfterTheGrace()
    {
        using var stop = new CancellationTokenSource();
        var started = new TaskCompletionSource<int>();
        var order = Shell("trap '' TERM; echo $$; while :; do sleep 1; done") with
        {
            OnLine = line => started.TrySetResult(int.Parse(line, CultureInfo.InvariantCulture)),
        };
        var run = ChildProcess.RunAsync(order, TimeProvider.System, stop.Token);
        var pid = await started.Task.WaitAsync(Ct);
        var watch = Stopwatch.StartNew();

        await stop.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => run);
        Assert.InRange(watch.Elapsed, ChildProcess.Grace - TimeSpan.FromMilliseconds(100), ChildProcess.Grace + TimeSpan.FromSeconds(10));
        Assert.Null(ProcessIdentity.Of(pid));
    }

    [Fact]
    public async Task Run_CancelledAtOnce_StartsOrLeavesNothing()
    {
        var mark = _scratch.File("late");
        for (var i = 0; i < 10; i++)
        {
            using var stop = new CancellationTokenSource();
            var run = ChildProcess.RunAsync(Shell($"sleep 2; echo x >{mark}"), TimeProvider.System, stop.Token);
            await stop.CancelAsync();
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => run);
        }

        await Task.Delay(TimeSpan.FromSeconds(2.5), TimeProvider.System, Ct);
        Assert.False(File.Exists(mark));
    }

    [Fact]
    public async Task Run_LogOnAFullDevice_GoesOnAndSaysWhyTheLogIsIncomplete()
    {
        var outcome = await RunAsync(Shell("echo lost; head -c 300000 /dev/zero | tr '\\0' x; exit 3") with { LogPath = "/dev/full" });

        Assert.Equal(3, outcome.ExitCode);
        Assert.Contains("/dev/full is incomplete", outcome.LastLines, StringComparison.Ordinal);
    }

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    private static ProcessOrder Shell(string script) => new() { Program = "sh", Arguments = ["-c", script] };

    private static ProcessIdentity Identity(string pid) => ProcessIdentity.Of(int.Parse(pid, CultureInfo.InvariantCulture))!;

    private static Task<ProcessOutcome> RunAsync(ProcessOrder order) => ChildProcess.RunAsync(order, TimeProvider.System, Ct);
}
