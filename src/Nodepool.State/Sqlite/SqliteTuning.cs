namespace Nodepool.State.Sqlite;

/// <summary>The numbers of the engine.</summary>
/// <param name="ChangeLogLength">Changes kept for watches; a watch that is further behind reads everything anew.</param>
/// <param name="BusyLimit">How long a commit waits for the writers of other processes.</param>
/// <param name="Poll">How often watches look for commits of other processes where those cannot signal.</param>
/// <param name="PollBesideSignals">How often they look where signals come: a process may die between its commit and its signal.</param>
/// <param name="Pace">Shortest time between two looks at the change log: in a dense series of commits, each look finds many.</param>
/// <param name="Upkeep">How often sessions of dead processes are looked for.</param>
/// <param name="UpkeepWhileWaiting">The same while somebody waits for a lock.</param>
/// <param name="MostPages">How large the file may become, in pages of 4 KiB; 0 for no limit but the disk's.</param>
/// <param name="Signals">Whether processes wake each other through the file system; otherwise each only looks.</param>
internal sealed record SqliteTuning(
    int ChangeLogLength,
    TimeSpan BusyLimit,
    TimeSpan Poll,
    TimeSpan PollBesideSignals,
    TimeSpan Pace,
    TimeSpan Upkeep,
    TimeSpan UpkeepWhileWaiting,
    int MostPages,
    bool Signals)
{
    public static SqliteTuning Default { get; } = new(
        ChangeLogLength: 65_536,
        BusyLimit: TimeSpan.FromSeconds(5),
        Poll: TimeSpan.FromMilliseconds(20),
        PollBesideSignals: TimeSpan.FromMilliseconds(40),
        Pace: TimeSpan.FromMilliseconds(1),
        Upkeep: TimeSpan.FromMilliseconds(250),
        UpkeepWhileWaiting: TimeSpan.FromMilliseconds(25),
        MostPages: 0,
        Signals: true);
}
