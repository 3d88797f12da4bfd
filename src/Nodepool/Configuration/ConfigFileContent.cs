namespace Nodepool.Configuration;

/// <summary>What a configuration file held at one moment.</summary>
/// <param name="Bytes">Its content; null when it could not be read.</param>
/// <param name="Trouble">Why it could not be read, and what to do; null when it could.</param>
/// <param name="IsPipe">It can be read only once.</param>
internal sealed record ConfigFileContent(byte[]? Bytes, string? Trouble, bool IsPipe = false)
{
    /// <summary>Whether both would be read alike.</summary>
    public bool IsSameAs(ConfigFileContent other) => Trouble == other.Trouble && Bytes.AsSpan().SequenceEqual(other.Bytes);
}
