using Nodepool.Core;
using Nodepool.Core.Config;
using Nodepool.Core.Config.Following;
using Nodepool.Core.State;
using Nodepool.State.Sqlite;
using Nodepool.State.ZooKeeper;
using Nodepool.State.ZooKeeper.Client;

namespace Nodepool.Roles;

/// <summary>The store that a configuration names.</summary>
internal static partial class ConfiguredStore
{
    /// <summary>Opens a session on it. A file that is missing is made; servers must be there.</summary>
    /// <exception cref="StateException">It cannot be opened; the message says why.</exception>
    public static async ValueTask<IStateEngine> OpenAsync(StorePlace place, Sources sources, ILoggerFactory loggers, CancellationToken ct) => place.IsZooKeeper
        ? await ZooKeeperEngine.OpenAsync(SettingsOf(place.ZooKeeper), sources, loggers.CreateLogger<ZooKeeperEngine>(), ct)
        : await SqliteEngine.OpenAsync(StateFiles.Store(place.StateDir), sources, loggers.CreateLogger<SqliteEngine>(), ct);

    /// <summary>
    /// Takes over servers that are added to or removed from an ensemble, without losing the session. What makes it another store, or another way to
    /// reach it, is told and waits for the next session.
    /// </summary>
    /// <returns>Ends when <paramref name="ct"/> is cancelled.</returns>
    public static async Task FollowAsync(IStateEngine engine, StorePlace place, IConfigSource configurations, ILogger logger, CancellationToken ct)
    {
        try
        {
            await foreach (var config in configurations.FollowAsync(ct))
            {
                var next = config.Store;
                if (next == place)
                {
                    continue;
                }

                var isTaken = engine is ZooKeeperEngine zooKeeper
                    && next.ZooKeeper with { Servers = place.ZooKeeper.Servers } == place.ZooKeeper
                    && zooKeeper.TryUseServers(next.ZooKeeper.ConnectString);
                if (isTaken)
                {
                    LogServers(logger, next);
                }
                else
                {
                    LogWaits(logger, next, place);
                }

                place = next;
            }
        }
        catch (OperationCanceledException) when (ct.IsCancellationRequested)
        {
            // The session is over.
        }
    }

    private static ZooKeeperSettings SettingsOf(ZooKeeperConfig config) => new(config.ConnectString)
    {
        SessionTimeout = config.SessionTimeout,
        Tls = config.Tls is { } tls ? new TlsFiles(tls.Certificate, tls.Key, tls.Authorities, tls.ChecksHostName) : null,
    };

    [LoggerMessage(Level = LogLevel.Information, Message = "the servers of the store are {Place} now; the session goes on")]
    private static partial void LogServers(ILogger logger, StorePlace place);

    [LoggerMessage(Level = LogLevel.Warning, Message = "the configuration names another store, {Next}, or another way to reach it; {Place} stays in use until this process is started again")]
    private static partial void LogWaits(ILogger logger, StorePlace next, StorePlace place);
}
