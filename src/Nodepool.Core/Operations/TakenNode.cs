using Nodepool.Core.Model;

namespace Nodepool.Core.Operations;

/// <summary>A node that was given to a client.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Label">The label that it was asked for by.</param>
/// <param name="Record">How to reach it.</param>
public sealed record TakenNode(string Id, string Label, NodeRecord Record);
