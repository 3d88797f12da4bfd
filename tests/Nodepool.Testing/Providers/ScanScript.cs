using Nodepool.Core.Collections;

namespace Nodepool.Testing.Providers;

/// <summary>What a <see cref="FakeNodeScanner"/> finds at an address.</summary>
/// <param name="OpensAfter">Time from the scan's beginning until ssh answers; null is never.</param>
/// <param name="Keys">Host keys, if they are to be read.</param>
public sealed record ScanScript(TimeSpan? OpensAfter, ValueList<string> Keys)
{
    /// <summary>Ssh never answers.</summary>
    public static ScanScript Never { get; } = new(OpensAfter: null, []);

    /// <summary>Ssh answers at once with these keys.</summary>
    public static ScanScript AtOnce(params ReadOnlySpan<string> keys) => new(TimeSpan.Zero, [.. keys]);
}
