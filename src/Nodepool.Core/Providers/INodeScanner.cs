namespace Nodepool.Core.Providers;

/// <summary>Nodescan: waits until a node's ssh answers and reads its host keys.</summary>
public interface INodeScanner
{
    /// <summary>Tries until the node answers as wanted.</summary>
    /// <returns>Host keys as <c>type base64</c>, in a fixed order of types; empty when none were to be read.</returns>
    /// <exception cref="NodeScanException">The node did not answer in time.</exception>
    ValueTask<IReadOnlyList<string>> ScanAsync(NodeScanOrder order, CancellationToken ct);
}
