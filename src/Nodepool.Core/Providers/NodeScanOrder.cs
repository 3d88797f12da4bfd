namespace Nodepool.Core.Providers;

/// <summary>What a nodescan shall do.</summary>
/// <param name="Host">Address to connect to.</param>
/// <param name="Port">TCP port.</param>
/// <param name="IsSsh">Expect an ssh banner; otherwise a TCP connection is enough.</param>
/// <param name="ReadKeys">Read the host keys by key exchange; otherwise the banner is enough.</param>
/// <param name="Timeout">How long to try.</param>
public sealed record NodeScanOrder(string Host, int Port, bool IsSsh, bool ReadKeys, TimeSpan Timeout);
