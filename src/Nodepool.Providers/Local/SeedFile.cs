namespace Nodepool.Providers.Local;

/// <summary>A file that one node gets on top of its image; directories above it are made as needed, everything belongs to root.</summary>
/// <param name="Path">Path below the node's root without a leading slash: <c>etc/hostname</c>.</param>
/// <param name="Content">The bytes; empty for a link.</param>
/// <param name="Mode">Permission bits, octal 0644 or 0600 in most cases; meaningless for a link.</param>
/// <param name="LinkTarget">Makes a symbolic link to this instead of a file.</param>
internal sealed record SeedFile(string Path, ReadOnlyMemory<byte> Content, int Mode, string? LinkTarget = null);
