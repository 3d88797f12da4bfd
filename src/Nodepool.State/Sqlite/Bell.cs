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

    private FileStream? _rope;
    private FileSystemWatcher? _ear;
    private bool _isBroken;

    /// <summary>Tells the others. Called by the writer's thread only.</summary>
    public void Ring()
    {
        if (_isBroken)
        {
            return;
        }

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

    [LoggerMessage(Level = LogLevel.Information, Message = "Processes cannot signal each other in {Directory} ({Reason}); changes are found by looking every few milliseconds")]
    private static partial void LogSilent(ILogger logger, string directory, string reason);
}
