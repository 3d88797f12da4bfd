namespace Nodepool.Providers.Scanning;

/// <summary>A type of host key and the ssh algorithms that show it.</summary>
/// <param name="Name">Name of the type, as in <c>known_hosts</c>.</param>
/// <param name="Algorithms">Signature algorithms with keys of that type.</param>
internal sealed record HostKeyType(string Name, params string[] Algorithms)
{
    /// <summary>The types that are read, in the order in which they are reported.</summary>
    public static IReadOnlyList<HostKeyType> All { get; } =
    [
        new("ssh-ed25519", "ssh-ed25519"),
        new("ecdsa-sha2-nistp256", "ecdsa-sha2-nistp256"),
        new("ssh-rsa", "rsa-sha2-512", "rsa-sha2-256", "ssh-rsa"),
    ];
}
