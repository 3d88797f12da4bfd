namespace Nodepool.Core.Operations;

/// <summary>What <see cref="ProviderErasure"/> has done.</summary>
/// <param name="Uploads">Number of upload records that went.</param>
/// <param name="Nodes">Ids of the nodes whose records went.</param>
/// <param name="GivenBack">Ids of nodes of other providers, slots of which the nodes were: their launchers delete them.</param>
public sealed record Erasure(int Uploads, IReadOnlyList<string> Nodes, IReadOnlyList<string> GivenBack);
