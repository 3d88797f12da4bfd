namespace Nodepool.Core.Config.Legacy;

/// <summary>An account that stands in a provider's section itself.</summary>
public sealed record LegacyCloud
{
    /// <summary>Name of the provider.</summary>
    public required string Provider { get; init; }

    /// <summary><c>auth-url</c>; null when absent, as all that follow.</summary>
    public string? AuthUrl { get; init; }

    /// <summary><c>username</c>.</summary>
    public string? Username { get; init; }

    /// <summary><c>password</c>.</summary>
    public Secret? Password { get; init; }

    /// <summary><c>project-id</c>.</summary>
    public string? ProjectId { get; init; }

    /// <summary><c>project-name</c>.</summary>
    public string? ProjectName { get; init; }

    /// <summary><c>service-type</c> of the compute service.</summary>
    public string? ServiceType { get; init; }

    /// <summary><c>service-name</c> of the compute service.</summary>
    public string? ServiceName { get; init; }

    /// <summary>Limit of one call; <c>api-timeout</c>, seconds in the file.</summary>
    public TimeSpan? ApiTimeout { get; init; }
}
