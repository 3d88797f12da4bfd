namespace Nodepool.Cli;

/// <summary>What the program tells the shell.</summary>
internal static class ExitStatus
{
    public const int Ok = 0;

    /// <summary>It did not work; standard error says why.</summary>
    public const int Problem = 1;

    /// <summary>The command line cannot be understood.</summary>
    public const int Usage = 2;

    /// <summary>Ended by Ctrl-C before it was done (roles: at once, by the second), as shells count it.</summary>
    public const int Interrupted = 130;

    /// <summary>All of them with what they mean, for help and man pages.</summary>
    public static IReadOnlyList<(int Status, string Meaning)> Meanings { get; } =
    [
        (Ok, "It worked."),
        (Problem, "It did not work, or only in part; standard error says why in one line."),
        (Usage, "The command line cannot be understood; nothing was done."),
        (Interrupted, "It was ended by Ctrl-C (SIGINT) or SIGTERM before it was done; roles: by a second one, at once."),
    ];
}
