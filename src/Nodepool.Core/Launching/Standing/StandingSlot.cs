using Nodepool.Core.Collections;
using Nodepool.Core.Config;
using Nodepool.Core.Launching.Nodes;
using Nodepool.Core.Model;
using Nodepool.Core.Model.Json;
using Nodepool.Core.View;

namespace Nodepool.Core.Launching.Standing;

/// <summary>A slot of a machine that exists already, and what the record of its node looks like.</summary>
/// <param name="Pool">The pool's section.</param>
/// <param name="Machine">The machine.</param>
/// <param name="Number">Which of its slots, from 0.</param>
public sealed record StandingSlot(PoolConfig Pool, MachineConfig Machine, int Number)
{
    /// <summary>What Python's launchers sign such nodes with.</summary>
    private const string Launcher = "static driver";

    /// <summary>Whether a node is on a machine, by the machine's whole address: name, user and port.</summary>
    public static bool IsOn(NodeRecord node, MachineConfig machine) =>
        node.Hostname == machine.Name && node.Username == machine.Username && node.ConnectionPort.AsNumber() == machine.ConnectionPort;

    /// <summary>Another program registers nodes of this pool: what it made is its own to look after as long as it lives.</summary>
    public static bool IsOfPeer(ClusterView view, NodeRecord node) =>
        node.Launch is null && view.Pools.Any(pool => pool.ProviderName == node.Provider && pool.Name == node.Pool && !pool.IsStanding);

    /// <summary>A ready node in this slot.</summary>
    /// <param name="provider">Name of the provider.</param>
    /// <param name="keys">Host keys that the machine shows.</param>
    /// <param name="token">Marks the node as ours.</param>
    /// <param name="now">Now, Unix seconds.</param>
    public NodeRecord NewNode(string provider, ValueList<string> keys, string token, double now) => Describe(new NodeRecord
    {
        State = NodeState.Ready,
        StateTime = now,
        CreatedTime = now,
        Provider = provider,
        Pool = Pool.Name,
        HostKeys = keys,
        Launch = new LaunchRecord { Token = token, Phase = LaunchPhase.Done },
    });

    /// <summary>A node of this slot, described as the configuration has it now.</summary>
    public NodeRecord Describe(NodeRecord node)
    {
        // No host name has a colon.
        var isIPv6 = Machine.Name.Contains(':', StringComparison.Ordinal);
        return node with
        {
            Type = Machine.Labels,
            Launcher = Launcher,
            ExternalId = RawJson.FromText(Machine.Name),
            Hostname = Machine.Name,
            InterfaceIp = Machine.Name,
            PublicIPv4 = isIPv6 ? null : Machine.Name,
            PublicIPv6 = isIPv6 ? Machine.Name : null,
            Username = Machine.Username,
            ConnectionType = Machine.ConnectionType,
            ConnectionPort = RawJson.FromNumber(Machine.ConnectionPort),
            PythonPath = Machine.PythonPath,
            ShellType = Machine.ShellType,
            Attributes = NodeLabel.Attributes(Pool.NodeAttributes),
            Slot = Number,
        };
    }
}
