namespace Nodepool.Providers.Processes;

/// <summary>All processes of a session that a child of ours leads.</summary>
/// <param name="Leader">Number of the leader, of its group and of its session.</param>
/// <param name="StartTime">Start time of the leader.</param>
internal readonly record struct ChildSession(int Leader, ulong StartTime)
{
    private static readonly TimeSpan PollPeriod = TimeSpan.FromMilliseconds(10);
    private static readonly TimeSpan KillPeriod = TimeSpan.FromMilliseconds(200);

    // The kernel gives a number to nobody else while it names a living session: another process under it proves that ours is gone.
    private bool IsOver => ProcStat.Read(Leader) is { } stat
        ? stat.StartTime != StartTime || (!stat.Runs && ProcStat.InSession(Leader).Count == 0)
        : ProcStat.InSession(Leader).Count == 0;

    public static ChildSession Of(int leader) => new(leader, ProcStat.Read(leader)?.StartTime ?? 0);

    /// <summary>SIGTERM, after <paramref name="grace"/> SIGKILL; returns when no process is left.</summary>
    /// <param name="grace">Time between the two.</param>
    /// <param name="time">Clock.</param>
    /// <param name="endForeign">Kills a process that this user may not signal (started through sudo); null leaves it.</param>
    /// <returns>False when some are left that this user may not signal.</returns>
    public async Task<bool> EndAsync(TimeSpan grace, TimeProvider time, Func<int, Task>? endForeign = null)
    {
        Signal(ProcessSignal.Terminate);
        if (await IsOverWithinAsync(grace, time))
            return true;
        while (Signal(ProcessSignal.Kill))
        {
            if (await IsOverWithinAsync(KillPeriod, time))
                return true;
        }

        // All of this user's are gone.
        if (endForeign is not null)
        {
            foreach (var pid in ProcStat.InSession(Leader))
            {
                await endForeign(pid);
            }
        }

        return await IsOverWithinAsync(KillPeriod, time);
    }

    private bool Signal(ProcessSignal signal)
    {
        // The leader apart: it may not have made its session yet. Members apart: shells with job control make further groups.
        if (IsOver)
            return false;
        var reached = NativeSignals.SendToGroup(Leader, signal);
        foreach (var pid in ProcStat.InSession(Leader).Append(Leader))
        {
            reached |= NativeSignals.Send(pid, signal);
        }

        return reached;
    }

    private async Task<bool> IsOverWithinAsync(TimeSpan limit, TimeProvider time)
    {
        var began = time.GetTimestamp();
        while (!IsOver)
        {
            if (time.GetElapsedTime(began) > limit)
                return false;
            await Task.Delay(PollPeriod, time);
        }

        return true;
    }
}
