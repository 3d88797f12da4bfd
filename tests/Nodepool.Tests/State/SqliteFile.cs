using Microsoft.Extensions.Logging.Abstractions;
using Nodepool.Core;
using Nodepool.Core.State;
using Nodepool.State.Sqlite;

namespace Nodepool.Tests.State;

/// <summary>A directory for one test's stores, with raw access to them.</summary>
internal sealed class SqliteFile : IDisposable
{
    private static readonly TimeSpan BusyLimit = TimeSpan.FromSeconds(5);

    private readonly DirectoryInfo _directory = Directory.CreateTempSubdirectory("nodepool-sqlite-");

    /// <summary>The store, in a directory that does not exist yet.</summary>
    public string Path => System.IO.Path.Combine(_directory.FullName, "state", "state.db");

    public string Sessions => Path + "-sessions";

    public Task<SqliteEngine> OpenAsync(Func<SqliteTuning, SqliteTuning>? tune = null) => SqliteEngine.OpenAsync(
        Path, SystemSources.Create(), tune?.Invoke(SqliteTuning.Default) ?? SqliteTuning.Default, NullLogger.Instance, TestContext.Current.CancellationToken);

    /// <summary>Runs statements behind the engines' back.</summary>
    public void Execute(string sql)
    {
        using var database = Connect();
        database.Execute(sql);
    }

    public Database Connect() => Database.Open(Path, DatabaseAccess.ReadWrite, BusyLimit);

    public static async Task<StateException> FaultAsync(Func<Task> call) => await Assert.ThrowsAsync<StateException>(call);

    public void Dispose() => _directory.Delete(recursive: true);
}
