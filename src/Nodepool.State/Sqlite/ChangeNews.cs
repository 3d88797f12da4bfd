using Nodepool.Core.State;

namespace Nodepool.State.Sqlite;

/// <summary>What a look at the change log brought.</summary>
/// <param name="Position">The store's position at that moment.</param>
/// <param name="Changes">What changed since the last look, the newest of each entry.</param>
/// <param name="IncludesOwn">Commits of the own session are included which no watch has been told of.</param>
internal readonly record struct ChangeNews(long Position, IReadOnlyList<Change> Changes, bool IncludesOwn)
{
    /// <summary>Whether watches have anything to be told.</summary>
    public bool IsWorthTelling => Changes.Count > 0 || IncludesOwn;
}
