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
}
