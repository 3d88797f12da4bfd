using Nodepool.Core.Collections;

namespace Nodepool.Core.Config;

/// <summary>A machine that exists already and is lent out slot by slot; one element of a pool's <c>nodes</c> (driver <c>static</c>).</summary>
public sealed record MachineConfig
{
    /// <summary>Host name or address that is connected to; <c>name</c>.</summary>
    public required string Name { get; init; }

    /// <summary>Labels that it serves; <c>labels</c>.</summary>
    public ValueList<string> Labels { get; init; } = [];

    /// <summary>Login user; <c>username</c>.</summary>
    public string Username { get; init; } = "zuul";

    /// <summary>How long the nodescan may take; <c>timeout</c>, seconds in the file.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>Host keys, <c>type base64</c>, that the machine must show; <c>host-key</c>.</summary>
    public ValueList<string> HostKeys { get; init; } = [];

    /// <summary>Look whether the machine answers and shows the right keys before a node of it is ready; <c>host-key-checking</c>.</summary>
    public bool HostKeyChecking { get; init; } = true;

    /// <summary><c>connection-type</c>.</summary>
    public string ConnectionType { get; init; } = "ssh";

    /// <summary><c>connection-port</c>.</summary>
    public int ConnectionPort { get; init; } = 22;

    /// <summary>Nodes that it can be at the same time; <c>max-parallel-jobs</c>.</summary>
    public int Slots { get; init; } = 1;

    /// <summary><c>python-path</c>.</summary>
    public string PythonPath { get; init; } = "auto";

    /// <summary><c>shell-type</c>, or null.</summary>
    public string? ShellType { get; init; }

    /// <summary>What tells it from the others: the same machine may be listed with several users or ports.</summary>
    public string Id => $"{Username}@{Name}:{ConnectionPort}";

    /// <summary>Whether it has host keys at all.</summary>
    public bool IsSsh => ConnectionType is "ssh" or "network_cli";
}
