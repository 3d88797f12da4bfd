namespace Nodepool.Cli.Watching;

/// <summary>What happens to a terminal while something is drawn there.</summary>
internal enum TerminalEvent
{
    /// <summary>It has another size.</summary>
    Resized,

    /// <summary>Ctrl-Z: the shell gets it next.</summary>
    Suspending,

    /// <summary>The shell has given it back.</summary>
    Resumed,
}
