using Nodepool.Core.Config;
using Nodepool.Core.Config.Following;
using Nodepool.Core.Config.Reading;

namespace Nodepool.Configuration;

/// <summary>
/// The configuration of files that may change while the process runs. A new version of any of them comes into force as a whole when it is valid;
/// otherwise the last good one stays. <see cref="ConfigFileWatch"/> says when to look.
/// </summary>
public sealed partial class ConfigFileSource : IConfigSource
{
    /// <summary>A version counts when two reads this far apart see the same: somebody may be in the middle of writing it.</summary>
    internal static readonly TimeSpan Settling = TimeSpan.FromMilliseconds(50);

    /// <summary>An editor or a configuration tool that replaces a file may leave it away for a moment.</summary>
    internal static readonly TimeSpan Patience = TimeSpan.FromSeconds(3);

    private const int MostLogged = 5;

    private readonly ConfigFiles _files;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly ConfigPublisher _publisher;
    private ConfigContents _seen;
    private DateTimeOffset? _unreadableSince;
    private string? _refusedStateDir;

    private ConfigFileSource(ConfigFiles files, ConfigContents contents, NodepoolConfig config, TimeProvider time, ILogger logger)
    {
        (_files, _seen, _time, _logger) = (files, contents, time, logger);
        _publisher = new ConfigPublisher(config, contents.Digest);
    }

    /// <inheritdoc/>
    public ConfigSnapshot Current => _publisher.Current;

    /// <inheritdoc/>
    public ConfigFailure? LastFailure => _publisher.LastFailure;

    /// <summary>The files that it follows.</summary>
    public ConfigFiles Files => _files;

    /// <inheritdoc/>
    public ConfigNews News => _publisher.News;

    /// <summary>Told of every version that is read from now on.</summary>
    public ConfigInstruments? Instruments { get; set; }

    /// <summary>Reads the files for the first time.</summary>
    /// <param name="files">The files.</param>
    /// <param name="time">The clock.</param>
    /// <param name="logger">Told of every new version, good or bad, once.</param>
    /// <param name="result">What was found, warnings included.</param>
    /// <returns>The source, or null when they are not valid: then there is nothing to run with.</returns>
    public static ConfigFileSource? Open(ConfigFiles files, TimeProvider time, ILogger logger, out ConfigResult result)
    {
        var contents = files.Read();
        result = files.Parse(contents);
        return result.Config is { } config ? new ConfigFileSource(files, contents, config, time, logger) : null;
    }

    /// <inheritdoc/>
    public Task<ConfigSnapshot> NextAsync(long revision, CancellationToken ct) => _publisher.NextAsync(revision, ct);

    /// <inheritdoc/>
    public Task<ConfigNews> NextNewsAsync(long number, CancellationToken ct) => _publisher.NextNewsAsync(number, ct);

    /// <summary>Looks whether the files have another content than last time and takes it over. Not to be called twice at a time.</summary>
    /// <returns>Whether they had.</returns>
    public async Task<bool> CheckAsync(CancellationToken ct)
    {
        // The content is compared, not times, sizes and inodes: it is small, and this sees every way to change a file, on every
        // file system, and nothing that is no change.
        var contents = _files.Read();
        while (!contents.IsSameAs(_seen))
        {
            await Task.Delay(Settling, _time, ct);
            var again = _files.Read();
            if (again.IsSameAs(contents))
            {
                break;
            }

            contents = again;
        }

        var isSame = contents.IsSameAs(_seen);
        if (!isSame && contents.IsUnreadable && IsWithinPatience())
        {
            return false;
        }

        _unreadableSince = null;
        if (!isSame)
        {
            _seen = contents;
            Take(_files.Parse(contents));
        }

        return !isSame;
    }

    private bool IsWithinPatience()
    {
        var now = _time.GetUtcNow();
        _unreadableSince ??= now;
        return now - _unreadableSince < Patience;
    }

    private void Take(ConfigResult result)
    {
        var before = _publisher.Current;
        if (result.Config is not { } config)
        {
            Instruments?.Reloaded("refused");
            _publisher.Refuse(new ConfigFailure(_time.GetUtcNow(), result));
            LogRefused(_files.Names, before.Revision, Shorten(result, isError: true));
            return;
        }

        config = KeepStateDir(config, before.Config.StateDir);
        var changes = ConfigDiff.Between(before.Config, config).ToString();
        if (_publisher.Publish(config, _seen.Digest))
        {
            Instruments?.Reloaded("applied");
            LogInForce(_files.Names, _publisher.Current.Revision, changes);
        }
        else
        {
            Instruments?.Reloaded("unchanged");
            LogSame(_files.Names, before.Revision);
        }

        if (result.Problems.Count > 0)
        {
            LogWarnings(_files.Names, Shorten(result, isError: false));
        }
    }

    /// <summary>Records and what providers keep belong together: a process stays in the directory that it began with.</summary>
    private NodepoolConfig KeepStateDir(NodepoolConfig config, string present)
    {
        if (config.StateDir != present && config.StateDir != _refusedStateDir)
        {
            LogNeedsRestart(_files.Names, config.StateDir, present);
        }

        _refusedStateDir = config.StateDir;
        return config with { StateDir = present };
    }

    private static string Shorten(ConfigResult result, bool isError)
    {
        var problems = result.Problems.Where(problem => problem.IsError == isError).ToList();
        var shown = problems.Take(MostLogged).Select(problem => problem.ToString());
        return string.Join(" | ", problems.Count <= MostLogged ? shown : shown.Append($"and {problems.Count - MostLogged} more"));
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "Configuration {File} changed, revision {Revision} is in force: {Changes}")]
    private partial void LogInForce(string file, long revision, string changes);

    [LoggerMessage(Level = LogLevel.Information, Message = "Configuration {File} is valid and means the same as revision {Revision}, which stays in force")]
    private partial void LogSame(string file, long revision);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Configuration {File}: {Warnings}")]
    private partial void LogWarnings(string file, string warnings);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Configuration {File}: state-dir {Wanted} counts when this process is started again; until then {Present} stays")]
    private partial void LogNeedsRestart(string file, string wanted, string present);

    [LoggerMessage(Level = LogLevel.Error, Message = "Configuration {File} cannot be used, revision {Revision} stays in force; correct it: {Problems}")]
    private partial void LogRefused(string file, long revision, string problems);
}
