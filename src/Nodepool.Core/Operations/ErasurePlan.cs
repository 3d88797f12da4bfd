namespace Nodepool.Core.Operations;

/// <summary>What <see cref="ProviderErasure"/> would do.</summary>
/// <param name="Provider">Name of the provider.</param>
/// <param name="Uploads">Number of upload records.</param>
/// <param name="Nodes">Ids of the nodes whose records go, in order.</param>
/// <param name="Lent">Ids of nodes of other providers, slots of which its nodes are, in order.</param>
/// <param name="Obstacles">Why it should not be done now, a sentence each; empty when nothing speaks against it.</param>
public sealed record ErasurePlan(string Provider, int Uploads, IReadOnlyList<string> Nodes, IReadOnlyList<string> Lent, IReadOnlyList<string> Obstacles)
{
    /// <summary>Nothing is stored about the provider.</summary>
    public bool IsEmpty => Uploads == 0 && Nodes.Count == 0 && Lent.Count == 0;
}
