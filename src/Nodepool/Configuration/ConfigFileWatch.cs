using System.Threading.Channels;

namespace Nodepool.Configuration;

/// <summary>
/// Has a <see cref="ConfigFileSource"/> look at its file: at once when the file system reports something near it, every second
/// in any case (network file systems report nothing), and on demand.
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
    private int _isAsked;
    private readonly Task _loop;

    private ConfigFileWatch(ConfigFileSource source, TimeProvider time, ILogger logger)
    {
        (_source, _logger) = (source, logger);
        foreach (var path in source.Files.FullPaths)
        {
            Watch(path);
            if (FinalTarget(path) is { } target && Path.GetDirectoryName(target) != Path.GetDirectoryName(path))
            {
                Watch(target);
            }
        }

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
        foreach (var watcher in _watchers)
        {
            watcher.Dispose();
        }

        await _stop.CancelAsync();
        await _loop;
        _stop.Dispose();
    }

    private async Task RunAsync(CancellationToken ct)
    {
        try
        {
            await foreach (var _ in _wake.Reader.ReadAllAsync(ct))
            {
                await CheckAsync(ct);
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
            if (!await _source.CheckAsync(ct) && isAsked)
            {
                LogUnchanged(_source.Files.Names, _source.Current.Revision);
            }
        }
        catch (Exception failure) when (!ct.IsCancellationRequested)
        {
            // A driver that fails on one version of the file must not end the watch for the next.
            LogFailed(failure, _source.Files.Names);
        }
    }

    private void Wake() => _wake.Writer.TryWrite(true);

    private void Watch(string path)
    {
        try
        {
            var watcher = new FileSystemWatcher(Path.GetDirectoryName(path)!);
            _watchers.Add(watcher);
            var name = Path.GetFileName(path);
            watcher.Changed += (_, change) => Consider(change.Name);
            watcher.Created += (_, change) => Consider(change.Name);
            watcher.Deleted += (_, change) => Consider(change.Name);
            watcher.Renamed += (_, change) => Consider(change.Name);
            watcher.EnableRaisingEvents = true;

            void Consider(string? changed)
            {
                // Kubernetes swaps a directory link called "..data" beside the link that the file is.
                if (changed == name || changed?.StartsWith("..", StringComparison.Ordinal) == true)
                {
                    Wake();
                }
            }
        }
        catch (Exception failure) when (failure is IOException or ArgumentException or PlatformNotSupportedException)
        {
            LogNotWatched(path, failure.Message);
        }
    }

    private static string? FinalTarget(string path)
    {
        try
        {
            return File.ResolveLinkTarget(path, returnFinalTarget: true)?.FullName;
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "Configuration {File} could not be read because of an error of this program; the last good one stays in force")]
    private partial void LogFailed(Exception failure, string file);

    [LoggerMessage(Level = LogLevel.Information, Message = "Configuration {File} was looked at as asked: nothing has changed since revision {Revision} or its refusal")]
    private partial void LogUnchanged(string file, long revision);

    [LoggerMessage(Level = LogLevel.Debug, Message = "Configuration {File} is only looked at every second: {Reason}")]
    private partial void LogNotWatched(string file, string reason);
}
