using Nodepool.Core.Collections;

namespace Nodepool.Core.Config;

/// <summary>How one diskimage is used at one provider; one element of a provider's <c>diskimages</c>.</summary>
public sealed record ProviderDiskImageConfig
{
    /// <summary><c>name</c> of the diskimage.</summary>
    public required string Name { get; init; }

    /// <summary>No uploads; <c>pause</c>.</summary>
    public bool Pause { get; init; }

    /// <summary>Image properties here, over the diskimage's; <c>meta</c>, with some drivers <c>tags</c>.</summary>
    public ValueMap<string> Meta { get; init; } = ValueMap<string>.Empty;

    /// <summary>How one logs in to nodes booted from it here.</summary>
    public ImageLogin Login { get; init; } = new();

    /// <summary>What only this driver knows.</summary>
    public DriverOptions? Options { get; init; }
}
