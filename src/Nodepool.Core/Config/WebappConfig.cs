namespace Nodepool.Core.Config;

/// <summary>Where the web server listens; the <c>webapp</c> section.</summary>
public sealed record WebappConfig
{
    /// <summary>TCP port; <c>port</c>; 0 takes any free one.</summary>
    public int Port { get; init; } = 8005;

    /// <summary>IP address; <c>listen_address</c>. Loopback unless configured (Python listened everywhere).</summary>
    public string ListenAddress { get; init; } = "127.0.0.1";
}
