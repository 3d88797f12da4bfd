namespace Nodepool.State.Sqlite;

/// <summary>The numbers of the engine.</summary>
internal sealed record SqliteTuning
{
    public static SqliteTuning Default { get; } = new();

    /// <summary>Changes kept for watches; a watch that is further behind reads everything anew.</summary>
    public int ChangeLogLength { get; init; } = 65_536;

    /// <summary>How large the file may become, in pages of 4 KiB; 0 for no limit but the disk's.</summary>
    public int MostPages { get; init; }

    /// <summary>How long a commit waits for the writers of other processes.</summary>
    public TimeSpan BusyLimit { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>Whether processes wake each other through the file system; otherwise each only looks.</summary>
    public bool Signals { get; init; } = true;

    /// <summary>How often watches look for commits of other processes where those cannot signal.</summary>
    public TimeSpan Poll { get; init; } = TimeSpan.FromMilliseconds(20);

    /// <summary>How often they look where signals come: a process may die between its commit and its signal.</summary>
    public TimeSpan PollBesideSignals { get; init; } = TimeSpan.FromMilliseconds(40);

    /// <summary>Shortest time between two looks at the change log: in a dense series of commits, each look finds many.</summary>
    public TimeSpan Pace { get; init; } = TimeSpan.FromMilliseconds(1);

    /// <summary>How often sessions of dead processes are looked for.</summary>
    public TimeSpan Upkeep { get; init; } = TimeSpan.FromMilliseconds(250);

    /// <summary>The same while somebody waits for a lock.</summary>
    public TimeSpan UpkeepWhileWaiting { get; init; } = TimeSpan.FromMilliseconds(25);
}
