namespace Nodepool.Core.Operations;

/// <summary>What <see cref="ProviderErasure"/> would do.</summary>
/// <param name="Provider">Name of the provider.</param>
/// <param name="Uploads">Number of upload records.</param>
/// <param name="Nodes">Ids of the nodes whose records go, in order.</param>
/// <param name="Obstacles">Why it should not be done now, a sentence each; empty when nothing speaks against it.</param>
public sealed record ErasurePlan(string Provider, int Uploads, IReadOnlyList<string> Nodes, IReadOnlyList<string> Obstacles)
{
    /// <summary>Nothing is stored about the provider.</summary>
    public bool IsEmpty => Uploads == 0 && Nodes.Count == 0;
}
