namespace Nodepool.Core.Config;

/// <summary>How one logs in to nodes that were booted from an image: keys of a provider's <c>diskimages</c> and <c>cloud-images</c>.</summary>
public sealed record ImageLogin
{
    /// <summary><c>username</c>; null: that of the diskimage, or <c>zuul</c>.</summary>
    public string? Username { get; init; }

    /// <summary><c>connection-type</c>.</summary>
    public string ConnectionType { get; init; } = "ssh";

    /// <summary><c>connection-port</c>; 5986 by default for winrm.</summary>
    public int ConnectionPort { get; init; } = 22;

    /// <summary><c>python-path</c>; null: that of the diskimage, or <c>auto</c>.</summary>
    public string? PythonPath { get; init; }

    /// <summary><c>shell-type</c>; null: that of the diskimage, or none.</summary>
    public string? ShellType { get; init; }
}
