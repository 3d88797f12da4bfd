using Nodepool.Core.Model;
using Nodepool.Core.State;

namespace Nodepool.Core.Operations;

/// <summary>What an operator's action makes of a node.</summary>
/// <param name="Change">The node afterwards; the same object leaves it as it is.</param>
/// <param name="Fence">Belongs into the same commit.</param>
internal sealed record NodeDecision(Func<NodeRecord, NodeRecord> Change, params IReadOnlyList<Write> Fence);
