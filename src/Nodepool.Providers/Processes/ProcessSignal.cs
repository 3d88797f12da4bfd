namespace Nodepool.Providers.Processes;

/// <summary>Signals with their Linux numbers.</summary>
public enum ProcessSignal
{
    /// <summary>None: asks only whether the process may be signalled.</summary>
    None = 0,

    /// <summary>SIGINT, what Ctrl-C sends.</summary>
    Interrupt = 2,

    /// <summary>SIGKILL: cannot be caught.</summary>
    Kill = 9,

    /// <summary>SIGTERM: asks to end.</summary>
    Terminate = 15,

    /// <summary>SIGSTOP: stops it until it is continued; cannot be caught.</summary>
    Stop = 19,
}
