namespace Nodepool.Providers.OpenStack.Compute;

/// <summary>What this process knows of one deletion. Without it, more is asked of the cloud. One caller at a time.</summary>
internal sealed class ServerEnd
{
    /// <summary>Servers whose end was asked for, and when, as <see cref="TimeProvider.GetTimestamp"/> counts.</summary>
    public Dictionary<string, long> Asked { get; } = new(StringComparer.Ordinal);

    /// <summary>Servers that Nova said do not exist.</summary>
    public HashSet<string> Gone { get; } = new(StringComparer.Ordinal);

    /// <summary>Servers that a listing has shown, so that their absence means something.</summary>
    public HashSet<string> Seen { get; } = new(StringComparer.Ordinal);

    /// <summary>Volumes that its servers had.</summary>
    public HashSet<string> Volumes { get; } = new(StringComparer.Ordinal);

    /// <summary>Its floating IPs are deleted.</summary>
    public bool HasNoFloatingIp { get; set; }
}
