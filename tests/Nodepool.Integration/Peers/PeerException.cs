namespace Nodepool.Integration.Peers;

/// <summary>What a <see cref="PeerProcess"/> raised.</summary>
/// <param name="kind">Class of the exception in Python.</param>
/// <param name="text">Its text.</param>
internal sealed class PeerException(string kind, string text) : Exception($"{kind}: {text}")
{
    public string Kind => kind;
}
