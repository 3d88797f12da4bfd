namespace Nodepool.Core.Providers;

/// <summary>What a cloud can answer instead of doing what it was asked: a closed set. It is the retry policy and the metric label.</summary>
public enum ProviderFault
{
    /// <summary>The thing does not exist (any more).</summary>
    NotFound,

    /// <summary>Our quota is used up: not a failed attempt; wait for room.</summary>
    QuotaExceeded,

    /// <summary>The cloud has no room at the moment: a failed attempt that another pool may do better.</summary>
    CapacityUnavailable,

    /// <summary>Too many calls: slow down; never a failed attempt.</summary>
    Throttled,

    /// <summary>The cloud does not answer or answers that it cannot now: try again later.</summary>
    Unavailable,

    /// <summary>The cloud will not do this however often it is asked: a failed attempt.</summary>
    Rejected,
}
