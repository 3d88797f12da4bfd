namespace Nodepool.Core.Launching;

/// <summary>Names of the duties that one launcher of the cluster has at a time; their leases are called so.</summary>
internal static class Duty
{
    public const string MinReady = "min-ready";
    public const string Canaries = "canaries";
    public const string Housekeeping = "housekeeping";

    /// <summary>What has to be done once per provider.</summary>
    public static string Provider(string name) => $"provider-{name}";

    /// <summary>A ready node per slot of hosts that exist.</summary>
    public static string Standing(string provider) => $"standing-{provider}";

    /// <summary>Which slot is whose.</summary>
    public static string Backing(string provider) => $"backing-{provider}";
}
