using Microsoft.Extensions.Logging.Abstractions;
using Nodepool.Core;
using Nodepool.Core.State;
using Nodepool.State.Sqlite;

namespace Nodepool.Testing.State;

/// <summary>The SQLite engine for the contract suite: a file of its own, every session an engine of its own on it.</summary>
public sealed class SqliteStore : IStateStore
{
    private readonly string _directory = Directory.CreateTempSubdirectory("nodepool-state-").FullName;

    /// <summary>The store's file.</summary>
    public string File => Path.Combine(_directory, "state.db");

    /// <inheritdoc/>
    public async ValueTask<IStateEngine> OpenSessionAsync(Sources sources, CancellationToken ct) =>
        await SqliteEngine.OpenAsync(File, sources, NullLogger.Instance, ct);

    /// <inheritdoc/>
    public ValueTask KillSessionAsync(IStateEngine session) => ((SqliteEngine)session).AbandonAsync();

    /// <inheritdoc/>
    public ValueTask DisposeAsync()
    {
        Directory.Delete(_directory, recursive: true);
        return ValueTask.CompletedTask;
    }
}
