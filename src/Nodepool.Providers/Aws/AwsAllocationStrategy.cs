namespace Nodepool.Providers.Aws;

/// <summary>How EC2 Fleet chooses among instance types.</summary>
public enum AwsAllocationStrategy
{
    /// <summary>In the order of the list.</summary>
    Prioritized,

    /// <summary>Least likely to be interrupted, then cheapest.</summary>
    PriceCapacityOptimized,

    /// <summary>Where most capacity is free.</summary>
    CapacityOptimized,

    /// <summary>Spread over all.</summary>
    Diversified,

    /// <summary>The cheapest.</summary>
    LowestPrice,
}
