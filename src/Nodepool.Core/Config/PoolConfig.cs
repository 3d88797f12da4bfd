using Nodepool.Core.Collections;

namespace Nodepool.Core.Config;

/// <summary>A part of a provider with its own limits and labels; one element of <c>pools</c>.</summary>
public sealed record PoolConfig
{
    /// <summary><c>name</c>.</summary>
    public required string Name { get; init; }

    /// <summary>What the pool's nodes may use together: <c>max-servers</c>, <c>max-cores</c>, <c>max-ram</c> (MiB), …</summary>
    public Quota Limits { get; init; } = Quota.Unlimited;

    /// <summary>What the cloud says of its limits does not count here, only <see cref="Limits"/>; <c>ignore-provider-quota</c>.</summary>
    public bool IgnoresProviderLimits { get; init; }

    /// <summary>Lower is asked first; <c>priority</c>, by default the provider's.</summary>
    public int Priority { get; init; } = 100;

    /// <summary>Copied to the <c>attributes</c> of its nodes; <c>node-attributes</c>.</summary>
    public ValueMap<string> NodeAttributes { get; init; } = ValueMap<string>.Empty;

    /// <summary>Labels that it serves, in file order; <c>labels</c>.</summary>
    public ValueList<PoolLabelConfig> Labels { get; init; } = [];

    /// <summary>Machines that exist already, in file order; <c>nodes</c> of the driver <c>static</c>.</summary>
    public ValueList<MachineConfig> Machines { get; init; } = [];

    /// <summary>Its nodes are there without being asked for: requests get idle ones or wait, and nothing is launched.</summary>
    public bool IsStanding => Machines.Count > 0;

    /// <summary>The pool may have nodes at all; else it declines what it is asked.</summary>
    public bool IsOpen => !Limits.Amounts.TryGetValue(Quota.Instances, out var most) || most > 0;

    /// <summary>What only this driver knows.</summary>
    public DriverOptions? Options { get; init; }

    /// <summary>The label of that name, or null.</summary>
    public PoolLabelConfig? FindLabel(string name) => Labels.FirstOrDefault(label => label.Name == name);
}
