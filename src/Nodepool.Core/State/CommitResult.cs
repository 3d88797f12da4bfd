namespace Nodepool.Core.State;

/// <summary>What a commit did.</summary>
/// <param name="Position">The store's position after it: grows with every commit of any session.</param>
/// <param name="Created">Full paths of the entries made by <see cref="Write.Create"/> steps, in their order.</param>
public sealed record CommitResult(long Position, IReadOnlyList<string> Created);
