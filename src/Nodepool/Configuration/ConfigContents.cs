using System.Security.Cryptography;

namespace Nodepool.Configuration;

/// <summary>What the files of a configuration held at one moment.</summary>
/// <param name="Main">The main file.</param>
/// <param name="Secure">The secure file; null without one.</param>
internal sealed record ConfigContents(ConfigFileContent Main, ConfigFileContent? Secure)
{
    /// <summary>One of them could not be read.</summary>
    public bool IsUnreadable => Main.Bytes is null || Secure is { Bytes: null };

    /// <summary>Short fingerprint of the main file: tells versions apart. The secure file has no part in it: a fingerprint of a secret helps to guess it.</summary>
    public string Digest => Main.Bytes is { } bytes ? Convert.ToHexStringLower(SHA256.HashData(bytes).AsSpan(0, 6)) : "";

    /// <summary>Whether both would be read alike.</summary>
    public bool IsSameAs(ConfigContents other) =>
        Main.IsSameAs(other.Main) && (Secure is { } secure ? other.Secure is { } theirs && secure.IsSameAs(theirs) : other.Secure is null);
}
