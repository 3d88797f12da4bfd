namespace Nodepool.Core.Providers;

/// <summary>What shall be deleted.</summary>
/// <param name="NodeId">Id of the node record.</param>
/// <param name="Token">Token of the attempt, see <see cref="LaunchOrder.Token"/>; null for nodes made by other programs.</param>
/// <param name="ExternalId">The cloud's id; null when no create is known to have succeeded.</param>
public sealed record DeleteOrder(string NodeId, string? Token, string? ExternalId);
