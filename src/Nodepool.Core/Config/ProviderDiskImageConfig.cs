using Nodepool.Core.Collections;

namespace Nodepool.Core.Config;

/// <summary>How one diskimage is used at one provider; one element of a provider's <c>diskimages</c>.</summary>
public sealed record ProviderDiskImageConfig
{
    /// <summary><c>name</c> of the diskimage.</summary>
    public required string Name { get; init; }

    /// <summary>No uploads; <c>pause</c>.</summary>
    public bool Pause { get; init; }

    /// <summary>Image properties here, over the diskimage's; <c>meta</c>.</summary>
    public ValueMap<string> Meta { get; init; } = ValueMap<string>.Empty;

    /// <summary><c>connection-type</c>.</summary>
    public string ConnectionType { get; init; } = "ssh";

    /// <summary><c>connection-port</c>.</summary>
    public int ConnectionPort { get; init; } = 22;
}
