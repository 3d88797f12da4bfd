using System.Threading.Channels;

namespace Nodepool.Configuration;

/// <summary>
/// Has a <see cref="ConfigFileSource"/> look at its files: at once when the file system reports something about an entry that they hang on, every
/// second in any case (network file systems report nothing), and on demand. What is watched follows links and directories when they are exchanged.
/// </summary>
public sealed partial class ConfigFileWatch : IAsyncDisposable
{
    private static readonly TimeSpan Period = TimeSpan.FromSeconds(1);

    private readonly ConfigFileSource _source;
    private readonly ILogger _logger;
    private readonly Channel<bool> _wake = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });
    private readonly CancellationTokenSource _stop = new();
    private readonly List<FileSystemWatcher> _watchers = [];
    private readonly ITimer _timer;
    private readonly Task _loop;
    private IReadOnlyList<(string Directory, string Name)> _entries = [];
    private int _isAsked;
    private int _isBlind = 1;

    private ConfigFileWatch(ConfigFileSource source, TimeProvider time, ILogger logger)
    {
        (_source, _logger) = (source, logger);
        Follow();
        _timer = time.CreateTimer(_ => Wake(), null, Period, Period);
        _loop = RunAsync(_stop.Token);
    }

    /// <summary>Begins to watch; disposing ends it.</summary>
    public static ConfigFileWatch Start(ConfigFileSource source, TimeProvider time, ILogger logger) => new(source, time, logger);

    /// <summary>Looks now because somebody wants to, for instance by SIGHUP, and says so when there is nothing new. Returns at once.</summary>
    public void Look()
    {
        Volatile.Write(ref _isAsked, 1);
        Wake();
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _timer.DisposeAsync();
        await _stop.CancelAsync();
        await _loop;
        _watchers.ForEach(watcher => watcher.Dispose());
        _stop.Dispose();
    }

    private async Task RunAsync(CancellationToken ct)
    {
        try
        {
            await foreach (var _ in _wake.Reader.ReadAllAsync(ct))
            {
                await CheckAsync(ct);
                Follow();
            }
        }
        catch (OperationCanceledException) when (ct.IsCancellationRequested)
        {
        }
    }

    private async Task CheckAsync(CancellationToken ct)
    {
        try
        {
            var isAsked = Interlocked.Exchange(ref _isAsked, 0) == 1;
            if (await _source.CheckAsync(ct))
            {
                Volatile.Write(ref _isBlind, 1);
            }
            else if (isAsked)
            {
                LogUnchanged(_source.Files.Names, _source.Current.Revision, _source.LastFailure is null ? "is in force" : "stays in force, what is there is still refused");
            }
        }
        catch (Exception failure) when (!ct.IsCancellationRequested)
        {
            // A driver that fails on one version of the file must not end the watch for the next.
            LogFailed(failure, _source.Files.Names);
        }
    }

    private void Wake() => _wake.Writer.TryWrite(true);

    /// <summary>
    /// Watches what the files hang on now. A watcher is bound to a directory, not to its name: so all are made anew whenever an entry was
    /// exchanged, or a change was found that might have come unannounced.
    /// </summary>
    private void Follow()
    {
        var entries = _source.Files.FullPaths.SelectMany(PathEntries.Of).Distinct().ToList();
        if (Interlocked.Exchange(ref _isBlind, 0) == 0 && entries.SequenceEqual(_entries))
        {
            return;
        }

        _watchers.ForEach(watcher => watcher.Dispose());
        _watchers.Clear();
        foreach (var directory in entries.ToLookup(entry => entry.Directory, entry => entry.Name))
        {
            Watch(directory.Key, directory.ToHashSet(StringComparer.Ordinal));
        }

        // Nobody was looking for a moment.
        _entries = entries;
        Wake();
    }

    private void Watch(string directory, HashSet<string> names)
    {
        try
        {
            var watcher = new FileSystemWatcher(directory);
            _watchers.Add(watcher);
            watcher.Changed += (_, change) => Consider(isExchange: false, change.Name);
            watcher.Created += (_, change) => Consider(isExchange: true, change.Name);
            watcher.Deleted += (_, change) => Consider(isExchange: true, change.Name);
            watcher.Renamed += (_, change) => Consider(isExchange: true, change.Name, change.OldName);
            watcher.Error += (_, _) => Exchanged();
            watcher.EnableRaisingEvents = true;
        }
        catch (Exception failure) when (failure is IOException or ArgumentException or PlatformNotSupportedException)
        {
            LogNotWatched(directory, failure.Message);
        }

        void Consider(bool isExchange, params ReadOnlySpan<string?> changed)
        {
            foreach (var name in changed)
            {
                if (name is not null && names.Contains(name))
                {
                    (isExchange ? Exchanged : (Action)Wake)();
                }
            }
        }

        void Exchanged()
        {
            Volatile.Write(ref _isBlind, 1);
            Wake();
        }
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "Configuration {File} could not be read because of an error of this program; the last good one stays in force")]
    private partial void LogFailed(Exception failure, string file);

    [LoggerMessage(Level = LogLevel.Information, Message = "Configuration {File} has not changed since the last look: revision {Revision} {Fate}")]
    private partial void LogUnchanged(string file, long revision, string fate);

    [LoggerMessage(Level = LogLevel.Debug, Message = "Changes in {Directory} are only looked for every second: {Reason}")]
    private partial void LogNotWatched(string directory, string reason);
}
