using System.Collections.Immutable;
using Nodepool.Core.Model;

namespace Nodepool.Core.View;

/// <summary>A node record as it was seen at one moment.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Version">Version of the entry: writes that expect it fail when somebody was quicker.</param>
/// <param name="CreatedPosition">Tells two nodes of the same id apart.</param>
/// <param name="Record">The record; null when the entry is empty or cannot be understood (then it is left alone).</param>
/// <param name="Contenders">Names of the holders of and waiters for its lock.</param>
public sealed record NodeView(string Id, int Version, long CreatedPosition, NodeRecord? Record, ImmutableHashSet<string> Contenders)
{
    /// <summary>Nobody wants the lock.</summary>
    public static ImmutableHashSet<string> NoContenders { get; } = ImmutableHashSet.Create<string>(StringComparer.Ordinal);

    /// <summary>Somebody works with it.</summary>
    public bool IsLocked => !Contenders.IsEmpty;
}
