using System.Globalization;
using Microsoft.Extensions.Logging;
using Nodepool.Providers.Processes;

namespace Nodepool.Providers.Local.Machines;

/// <summary>
/// Decides whether KVM may be used, by booting a guest with it: a device that opens is no proof. On some hosts guests hang after their
/// first kernel messages, so only a line from the guest's user space counts.
/// </summary>
internal sealed partial class KvmTrial(LocalPaths paths, LocalPrograms programs, TimeProvider time, ILogger logger, TimeSpan limit) : IDisposable
{
    /// <summary>How long a trial may take: with KVM it is over within a second, and an emulated guest on an idle host needs two.</summary>
    public static readonly TimeSpan UsualLimit = TimeSpan.FromSeconds(10);

    private readonly SemaphoreSlim _one = new(1);
    private VmProcessor? _processor;

    /// <summary>The processor for nodes of this host; the first call tries it out unless a trial since the host's boot is stored.</summary>
    /// <param name="image">Kernel and initial RAM disk for the trial.</param>
    /// <param name="ct">Ends the trial.</param>
    public async ValueTask<VmProcessor> ProcessorAsync(LocalImage image, CancellationToken ct)
    {
        await _one.WaitAsync(ct);
        try
        {
            return _processor ??= await DecideAsync(image, ct);
        }
        finally
        {
            _one.Release();
        }
    }

    public void Dispose() => _one.Dispose();

    private async ValueTask<VmProcessor> DecideAsync(LocalImage image, CancellationToken ct)
    {
        if (!File.Exists(programs.KvmDevice))
        {
            LogNot($"this host has no {programs.KvmDevice}");
            return VmProcessor.Emulated;
        }

        var host = await DescribeHostAsync(ct);
        var verdict = KvmVerdict.Read(paths.KvmTrial);
        if (verdict?.Host != host)
        {
            verdict = await TryAsync(image, host, ct);
            AtomicFile.Write(paths.KvmTrial, verdict.ToUtf8());
        }

        if (!verdict.Works)
        {
            LogNot(verdict.Reason);
            return VmProcessor.Emulated;
        }

        LogWorks(verdict.Reason);
        return VmProcessor.Kvm;
    }

    private async ValueTask<KvmVerdict> TryAsync(LocalImage image, string host, CancellationToken ct)
    {
        if (!CanOpen())
            return new KvmVerdict(host, false, $"this user may not open {programs.KvmDevice}: adduser USER kvm, then log in again");
        var console = paths.KvmTrial + ".console";
        File.Delete(console);
        var began = time.GetTimestamp();
        try
        {
            // timeout(1) ends a hung guest also when this process is killed meanwhile and nobody remembers the trial.
            var order = new ProcessOrder
            {
                Program = "timeout",
                Arguments = ["--signal=KILL", (limit.TotalSeconds + 1).ToString("0.###", CultureInfo.InvariantCulture), programs.Qemu, .. VmCommand.ForTrial(image, VmProcessor.Kvm, console)],
                Timeout = limit,
            };
            var outcome = await ChildProcess.RunAsync(order, time, ct);
            var took = time.GetElapsedTime(began).TotalSeconds.ToString("0.0", CultureInfo.InvariantCulture);
            return outcome.ExitCode == 0 && await ConsoleFile.HasLineAsync(console, VmCommand.TrialMark, ct)
                ? new KvmVerdict(host, true, $"a trial guest ran within {took} s")
                : new KvmVerdict(host, false, $"a trial guest did not run: exit status {outcome.ExitCode}, {(outcome.LastLine.Length == 0 ? "no message" : outcome.LastLine)}");
        }
        catch (TimeoutException)
        {
            return new KvmVerdict(host, false, $"a trial guest hung: no sign of life within {limit.TotalSeconds:0} s");
        }
        finally
        {
            File.Delete(console);
        }
    }

    private bool CanOpen()
    {
        try
        {
            File.OpenHandle(programs.KvmDevice, FileMode.Open, FileAccess.ReadWrite, FileShare.ReadWrite).Dispose();
            return true;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }

    private async ValueTask<string> DescribeHostAsync(CancellationToken ct)
    {
        var boot = await File.ReadAllTextAsync("/proc/sys/kernel/random/boot_id", ct);
        var kernel = await File.ReadAllTextAsync("/proc/sys/kernel/osrelease", ct);
        var outcome = await ChildProcess.RunAsync(new ProcessOrder { Program = programs.Qemu, Arguments = ["--version"], CaptureOutput = true }, time, ct);
        return $"{boot.Trim()} {kernel.Trim()} {outcome.Output.Split('\n')[0].Trim()} uid {Environment.UserName}";
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "KVM works and is used: {Reason}")]
    private partial void LogWorks(string reason);

    [LoggerMessage(Level = LogLevel.Warning, Message = "KVM is not used, virtual machines are emulated in software (slower): {Reason}")]
    private partial void LogNot(string reason);
}
