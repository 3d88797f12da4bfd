namespace Nodepool.Core.Config;

/// <summary>What a driver gives to those of its providers that say nothing else.</summary>
public sealed record ProviderDefaults
{
    /// <summary><c>boot-timeout</c>.</summary>
    public TimeSpan BootTimeout { get; init; } = TimeSpan.FromMinutes(1);

    /// <summary><c>launch-timeout</c>.</summary>
    public TimeSpan LaunchTimeout { get; init; } = TimeSpan.FromHours(1);
}
