namespace Nodepool.Core.Config;

/// <summary>How a pool makes nodes of a label; one element of a pool's <c>labels</c>.</summary>
public sealed record PoolLabelConfig
{
    /// <summary><c>name</c>.</summary>
    public required string Name { get; init; }

    /// <summary>Image of ours to boot from; <c>diskimage</c>; null when there is none.</summary>
    public string? DiskImage { get; init; }

    /// <summary>Image that exists at the provider; <c>cloud-image</c>; null when there is none.</summary>
    public string? CloudImage { get; init; }

    /// <summary>Read the ssh host keys before the node is ready; <c>host-key-checking</c>.</summary>
    public bool HostKeyChecking { get; init; } = true;

    /// <summary>Put the console log of failed launches into our log; <c>console-log</c>.</summary>
    public bool ConsoleLog { get; init; }

    /// <summary>Its nodes are slots of bigger nodes, and these are kept so; null: machines of their own. Set by the driver <c>metastatic</c>.</summary>
    public BackingRule? Backing { get; init; }

    /// <summary>What only this driver knows.</summary>
    public DriverOptions? Options { get; init; }
}
