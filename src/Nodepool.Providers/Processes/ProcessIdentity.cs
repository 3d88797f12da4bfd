namespace Nodepool.Providers.Processes;

/// <summary>
/// A process that cannot be mistaken for a later one with the same number: recorded on disk, it is still right after a restart of
/// this program or of the host.
/// </summary>
/// <param name="Pid">Process number.</param>
/// <param name="StartTime">Clock ticks between boot and its start (field 22 of <c>/proc/PID/stat</c>).</param>
public sealed record ProcessIdentity(int Pid, ulong StartTime)
{
    private static readonly TimeSpan PollPeriod = TimeSpan.FromMilliseconds(10);

    /// <summary>True while exactly this process runs. A zombie does not.</summary>
    public bool IsAlive => ProcStat.Read(Pid) is { Runs: true } stat && stat.StartTime == StartTime;

    /// <summary>The process that has a number now, or null when none runs under it.</summary>
    public static ProcessIdentity? Of(int pid) => pid > 0 && ProcStat.Read(pid) is { Runs: true } stat ? new ProcessIdentity(pid, stat.StartTime) : null;

    /// <summary>Signals the process if it is still this one; false when it is gone or not ours.</summary>
    public bool Kill(ProcessSignal signal) => IsAlive && NativeSignals.Send(Pid, signal);

    /// <summary>Signals the group that this process leads, if it is still this one; false when it is gone, leads none or is not ours.</summary>
    public bool KillGroup(ProcessSignal signal) => IsAlive && NativeSignals.SendToGroup(Pid, signal);

    /// <summary>Returns when the process is gone or a zombie.</summary>
    public async Task WaitUntilGoneAsync(TimeProvider time, CancellationToken ct)
    {
        while (IsAlive)
        {
            await Task.Delay(PollPeriod, time, ct);
        }
    }
}
