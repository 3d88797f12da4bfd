using Nodepool.Cli.Watching;
using Nodepool.Core;
using Nodepool.Core.Config;
using Nodepool.Core.Operations;
using Nodepool.Core.Providers;
using Nodepool.Core.State;
using Nodepool.Roles;

namespace Nodepool.Cli;

/// <summary>Everything outside the program that commands touch. Tests pass their own.</summary>
internal sealed record CliWorld
{
    /// <summary>Name that the program was called by, without directory.</summary>
    public required string ProgramName { get; init; }

    /// <summary>Standard output: answers.</summary>
    public required TextWriter Out { get; init; }

    /// <summary>Standard error: problems, progress, logs.</summary>
    public required TextWriter Error { get; init; }

    /// <summary>Reads a line of standard input: the answer to a question; null at its end.</summary>
    public required Func<string?> ReadLine { get; init; }

    /// <summary>Standard input is a terminal.</summary>
    public bool InIsTerminal { get; init; }

    /// <summary>Standard output is a terminal.</summary>
    public bool OutIsTerminal { get; init; }

    /// <summary>Standard output is a terminal on which one can draw over what is there.</summary>
    public bool OutCanRedraw { get; init; }

    /// <summary>Terminals may be sent colours.</summary>
    public bool WantsColour { get; init; } = true;

    /// <summary>Columns and rows of the terminal now.</summary>
    public Func<(int Columns, int Rows)> TerminalSize { get; init; } = () => (80, 24);

    /// <summary>Begins to tell what happens to the terminal, until it is disposed.</summary>
    public required Func<Action<TerminalEvent>, IDisposable> ListenToTerminal { get; init; }

    /// <summary>Standard error is a terminal that wants colours.</summary>
    public bool ErrorIsTerminal { get; init; }

    /// <summary>Time, ids and chance.</summary>
    public required Sources Sources { get; init; }

    /// <summary>Who is at the keyboard.</summary>
    public required ClientIdentity Who { get; init; }

    /// <summary>Reads a configuration file, and the secure file over it if there is one.</summary>
    public required Func<string, string?, LoadedConfig> ReadConfig { get; init; }

    /// <summary>Opens a session on a store; never makes a new file for one.</summary>
    public required Func<StorePlace, ILoggerFactory, CancellationToken, ValueTask<IStateEngine>> OpenStore { get; init; }

    /// <summary>Opens a provider of a configuration for this call; it is closed by disposal.</summary>
    public required Func<ProviderConfig, NodepoolConfig, ILoggerFactory, IProvider> OpenProvider { get; init; }

    /// <summary>Reads a file that was named on the command line.</summary>
    public required Func<string, ReadOnlyMemory<byte>> ReadFile { get; init; }

    /// <summary>Opens a build log; null when this host does not have it, or it may not be read.</summary>
    public required Func<string, Stream?> OpenLog { get; init; }

    /// <summary>Writes a file that was named on the command line, for its owner only; over one that exists only if told so.</summary>
    public required Action<string, ReadOnlyMemory<byte>, bool> WriteFile { get; init; }

    /// <summary>The private key that may log in to a provider's nodes, if this host has it.</summary>
    public required Func<NodepoolConfig, string?, string?> FindLoginKey { get; init; }

    /// <summary>Ctrl-C and its relatives.</summary>
    public required StopSignal Stop { get; init; }

    /// <summary>
    /// Starts the daemon of this name in the background, with these arguments, and waits until it serves; null when this process is to serve
    /// itself, because it is in the background already or has a supervisor.
    /// </summary>
    public Func<string, IReadOnlyList<string>, CancellationToken, Task<int>>? Detach { get; init; }

    /// <summary>Name of the daemon that this process is the background of; null in the foreground.</summary>
    public string? Daemon { get; init; }

    /// <summary>Replaces this process by the program that hosts roles; null when it hosts them itself.</summary>
    public Action? HandOver { get; init; }

    /// <summary>Hosts roles until <see cref="Stop"/> tells them to stop.</summary>
    public required Func<RoleOrder, Task<int>> RunRoles { get; init; }
}
