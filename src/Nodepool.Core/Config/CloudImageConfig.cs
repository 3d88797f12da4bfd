namespace Nodepool.Core.Config;

/// <summary>An image that exists at the provider; one element of a provider's <c>cloud-images</c>.</summary>
public sealed record CloudImageConfig
{
    /// <summary><c>name</c>, by which labels refer to it.</summary>
    public required string Name { get; init; }

    /// <summary>How one logs in to its nodes.</summary>
    public ImageLogin Login { get; init; } = new();

    /// <summary>What only this driver knows: above all, which image it is.</summary>
    public DriverOptions? Options { get; init; }
}
