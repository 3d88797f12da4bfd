using Nodepool.Core.State;

namespace Nodepool.State.Tree;

/// <summary>What a commit that succeeded did.</summary>
/// <param name="Result">For its caller.</param>
/// <param name="Changes">For watches, one per step that changed something, in their order.</param>
internal readonly record struct Applied(CommitResult Result, IReadOnlyList<Change> Changes);
