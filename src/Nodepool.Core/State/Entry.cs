namespace Nodepool.Core.State;

/// <summary>One stored entry at one moment.</summary>
/// <param name="Path">Its absolute path.</param>
/// <param name="Data">Its bytes; empty when it has none.</param>
/// <param name="Version">Number of changes of its data since it was created; 0 for a new entry.</param>
/// <param name="CreatedPosition">The store's position at its creation; an entry that was deleted and made again has another.</param>
/// <param name="ModifiedPosition">The store's position at the last change of its data.</param>
/// <param name="CreatedMs">Creation time, Unix milliseconds, clock of the store.</param>
/// <param name="ModifiedMs">Time of the last change of its data, Unix milliseconds, clock of the store.</param>
/// <param name="Owner">Id of the session it dies with; 0 when it is persistent.</param>
public sealed record Entry(
    string Path,
    ReadOnlyMemory<byte> Data,
    int Version,
    long CreatedPosition,
    long ModifiedPosition,
    long CreatedMs,
    long ModifiedMs,
    long Owner)
{
    /// <summary>Whether the entry is deleted with its session.</summary>
    public bool IsEphemeral => Owner != 0;
}
