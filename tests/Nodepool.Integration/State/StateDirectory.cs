using Microsoft.Extensions.Logging.Abstractions;
using Nodepool.Core;
using Nodepool.State.Sqlite;

namespace Nodepool.Integration.State;

/// <summary>A store of its own for one test.</summary>
internal sealed class StateDirectory : IDisposable
{
    private readonly string _directory = Directory.CreateTempSubdirectory("nodepool-state-").FullName;

    public string Store => Path.Combine(_directory, "state.db");

    public Task<SqliteEngine> OpenAsync() => OpenAsync(Store);

    public static Task<SqliteEngine> OpenAsync(string store) =>
        SqliteEngine.OpenAsync(store, SystemSources.Create(), NullLogger.Instance, TestContext.Current.CancellationToken);

    public void Dispose() => Directory.Delete(_directory, recursive: true);
}
