using Nodepool.Core.Collections;

namespace Nodepool.Core.Providers;

/// <summary>Something that exists at a provider.</summary>
/// <param name="Type">Kind in the singular: <c>instance</c>, <c>image</c>, <c>port</c>, …; also part of a metric's name.</param>
/// <param name="ExternalId">The cloud's id.</param>
/// <param name="Metadata">Flat metadata; what we made carries <see cref="NodeMetadata"/> keys.</param>
/// <param name="Cost">What it uses of the provider's limits.</param>
public sealed record CloudResource(string Type, string ExternalId, ValueMap<string> Metadata, Quota Cost)
{
    /// <summary>Type of a machine.</summary>
    public const string InstanceType = "instance";

    /// <summary>Type of an image.</summary>
    public const string ImageType = "image";

    /// <summary>Name that people see at the provider; null where it has none.</summary>
    public string? Name { get; init; }

    /// <summary>Address of a machine, the one that clients would use where the cloud tells several; null when it has none (yet).</summary>
    public string? Address { get; init; }

    /// <summary>False for a machine that exists but does not run any more: nobody can use it, and it does not come back.</summary>
    public bool IsRunning { get; init; } = true;
}
