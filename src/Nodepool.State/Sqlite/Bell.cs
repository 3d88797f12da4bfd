using Microsoft.Extensions.Logging;

namespace Nodepool.State.Sqlite;

/// <summary>
/// Wakes the watches of other processes: whoever has committed writes a byte into a file that the others watch (inotify). Only
/// a shortening of their wait; they look by themselves every few milliseconds.
/// </summary>
internal sealed partial class Bell(StoreFile store, ILogger logger) : IDisposable
{
    private const string Name = "bell";

    private static readonly byte[] Stroke = [(byte)'.'];
    private static readonly TimeSpan Rest = TimeSpan.FromMilliseconds(1);

    private FileStream? _rope;
    private FileSystemWatcher? _ear;
    private long _lastStroke;
    private bool _isAsked;
    private bool _isBroken;

    /// <summary>
    /// How long the writer may wait for work before it must call <see cref="Swing"/>: in a dense series of commits only one per
    /// millisecond is announced, since waking others costs more than committing.
    /// </summary>
    public TimeSpan TimeToNextStroke => _isAsked && !_isBroken ? Rest : Timeout.InfiniteTimeSpan;

    /// <summary>There is something to announce. Called by the writer's thread, as are the next two.</summary>
    public void Ask() => _isAsked = true;

    /// <summary>Announces it, unless the last announcement was a moment ago.</summary>
    public void Swing()
    {
        if (_isAsked && TimeProvider.System.GetElapsedTime(_lastStroke) >= Rest)
        {
            Strike();
        }
    }

    /// <summary>Announces it now.</summary>
    public void Strike()
    {
        if (!_isAsked || _isBroken)
        {
            return;
        }

        _isAsked = false;
        _lastStroke = TimeProvider.System.GetTimestamp();
        try
        {
            _rope ??= Open();
            RandomAccess.Write(_rope.SafeFileHandle, Stroke, 0);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            _isBroken = true;
            LogSilent(logger, store.SessionDirectory, e.Message);
        }
    }

    /// <summary>Calls <paramref name="heard"/> at every stroke of anybody.</summary>
    /// <returns>False when this system cannot tell of changes of files; the reason is in the log.</returns>
    public bool Listen(Action heard)
    {
        try
        {
            Open().Dispose();
            _ear = new FileSystemWatcher(store.SessionDirectory, Name) { NotifyFilter = NotifyFilters.LastWrite };
            _ear.Changed += (_, _) => heard();
            _ear.Error += (_, _) => heard();
            _ear.EnableRaisingEvents = true;
            return true;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            LogSilent(logger, store.SessionDirectory, e.Message);
            return false;
        }
    }

    public void Dispose()
    {
        _ear?.Dispose();
        _rope?.Dispose();
    }

    private FileStream Open()
    {
        OwnFiles.MakeDirectory(store.SessionDirectory);
        return OwnFiles.Open(Path.Combine(store.SessionDirectory, Name), FileMode.OpenOrCreate, FileShare.ReadWrite | FileShare.Delete);
    }

    [LoggerMessage(
        Level = LogLevel.Information,
        Message = "Processes cannot signal each other in {Directory} ({Reason}); changes are found by looking every few milliseconds")]
    private static partial void LogSilent(ILogger logger, string directory, string reason);
}
