namespace Nodepool.Core.Config;

/// <summary>How a new upload of an image proves itself; <c>image-canary</c> of a diskimage, an addition of this product.</summary>
public sealed record CanaryConfig
{
    /// <summary>Share of launches that the new upload serves, above 0 to 1; <c>share</c>, in percent.</summary>
    public double Share { get; init; } = 0.1;

    /// <summary>Results of launches after which it is promoted or withdrawn; <c>launches</c>.</summary>
    public int Launches { get; init; } = 20;

    /// <summary>Time after which it is promoted with fewer; <c>max-age</c>, seconds in the file.</summary>
    public TimeSpan MaxAge { get; init; } = TimeSpan.FromDays(1);

    /// <summary>Its mean time to ready may be so many times that of the other; <c>max-slowdown</c>.</summary>
    public double MaxSlowdown { get; init; } = 2;
}
