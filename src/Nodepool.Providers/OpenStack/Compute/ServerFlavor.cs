namespace Nodepool.Providers.OpenStack.Compute;

/// <summary>Size of a server: with its amounts since microversion 2.47, with the flavor's id before.</summary>
internal sealed record ServerFlavor
{
    /// <summary>Id of the flavor, from an older Nova.</summary>
    public string? Id { get; init; }

    /// <summary>Name of the flavor.</summary>
    public string? OriginalName { get; init; }

    /// <summary>Virtual CPUs.</summary>
    public int? Vcpus { get; init; }

    /// <summary>Memory, MiB.</summary>
    public int? Ram { get; init; }
}
