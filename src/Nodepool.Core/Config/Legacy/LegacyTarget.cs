namespace Nodepool.Core.Config.Legacy;

/// <summary>A CI system that nodes were handed to; one element of <c>targets</c>.</summary>
public sealed record LegacyTarget
{
    /// <summary><c>name</c>.</summary>
    public required string Name { get; init; }

    /// <summary>Least time between calls; <c>rate</c>, seconds in the file.</summary>
    public TimeSpan Rate { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>Template of a node's name there; <c>hostname</c>.</summary>
    public string Hostname { get; init; } = "{label.name}-{provider.name}-{node_id}";

    /// <summary>Template of a subnode's name there; <c>subnode-hostname</c>.</summary>
    public string SubnodeHostname { get; init; } = "{label.name}-{provider.name}-{node_id}-{subnode_id}";

    /// <summary>Nodes are handed over by a gearman job; <c>assign-via-gearman</c>.</summary>
    public bool AssignViaGearman { get; init; }

    /// <summary>Its Jenkins; null when it has none.</summary>
    public LegacyJenkins? Jenkins { get; init; }
}
