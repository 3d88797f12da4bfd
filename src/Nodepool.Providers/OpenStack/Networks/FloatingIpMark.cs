namespace Nodepool.Providers.OpenStack.Networks;

/// <summary>Whose a floating IP is. They have no metadata, so their description says it: <c>nodepool TOKEN NODE PROVIDER</c>.</summary>
/// <param name="Token">Token of the launch attempt.</param>
/// <param name="NodeId">Id of the node.</param>
/// <param name="Provider">Name of the provider section.</param>
internal sealed record FloatingIpMark(string Token, string NodeId, string Provider)
{
    private const string Word = "nodepool";

    /// <summary>What a description says; null when it is something else.</summary>
    public static FloatingIpMark? Read(string? description) =>
        description?.Split(' ', 4) is [Word, var token, var node, var provider] ? new FloatingIpMark(token, node, provider) : null;

    /// <summary>The description.</summary>
    public override string ToString() => $"{Word} {Token} {NodeId} {Provider}";
}
