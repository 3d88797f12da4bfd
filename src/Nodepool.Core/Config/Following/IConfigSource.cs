namespace Nodepool.Core.Config.Following;

/// <summary>Where a process has its configuration from. Thread-safe.</summary>
public interface IConfigSource
{
    /// <summary>The configuration in force: always one that was valid.</summary>
    ConfigSnapshot Current { get; }

    /// <summary>What is wrong with a newer version that was refused; null when the newest is in force.</summary>
    ConfigFailure? LastFailure { get; }

    /// <summary>Both of these at one moment.</summary>
    ConfigNews News { get; }

    /// <summary>Completes with the news as soon as there are newer ones than those of a number: also when a version was refused.</summary>
    /// <exception cref="OperationCanceledException"><paramref name="ct"/> was cancelled.</exception>
    Task<ConfigNews> NextNewsAsync(long number, CancellationToken ct);

    /// <summary>
    /// Completes with the newest snapshot as soon as it is newer than <paramref name="revision"/>; at once if it is already. A loop
    /// that passes the revision it acted on misses nothing, and skips versions that were replaced meanwhile.
    /// </summary>
    /// <exception cref="OperationCanceledException"><paramref name="ct"/> was cancelled.</exception>
    Task<ConfigSnapshot> NextAsync(long revision, CancellationToken ct);
}
