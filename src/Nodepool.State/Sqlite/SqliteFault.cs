using Nodepool.Core.State;
using SQLitePCL;

namespace Nodepool.State.Sqlite;

/// <summary>Translates what SQLite and the file system say into the closed set of faults, with the file and the remedy.</summary>
internal static class SqliteFault
{
    private const int DiskFull = 28;
    private const int QuotaFull = 122;
    private const int ReadOnlyFileSystem = 30;
    private const long HardlyAnything = 256 * 1024;

    /// <summary>The fault of a result code.</summary>
    /// <param name="code">An extended result code other than success.</param>
    /// <param name="detail">SQLite's own words.</param>
    /// <param name="file">The store's file.</param>
    public static StateException Of(int code, string detail, string file)
    {
        var said = $"(SQLite error {code}: {detail})";
        return (code & 0xff) switch
        {
            raw.SQLITE_FULL => Full(file, said),
            raw.SQLITE_IOERR or raw.SQLITE_CANTOPEN when IsFull(file) => Full(file, said),
            raw.SQLITE_READONLY or raw.SQLITE_PERM or raw.SQLITE_AUTH => ReadOnly(file, said),
            raw.SQLITE_CORRUPT or raw.SQLITE_NOTADB => Corrupt(file, $"The state store {file} is damaged", said),
            raw.SQLITE_BUSY or raw.SQLITE_LOCKED => Busy(file, said),
            raw.SQLITE_CANTOPEN => new StateException(
                StateFault.Unavailable,
                file,
                $"The state store {file} cannot be opened; check that its directory exists and that this user may use it. {said}"),
            _ => new StateException(
                StateFault.Unavailable, file, $"The state store {file} cannot be used; look for errors of the disk in the kernel's log. {said}"),
        };
    }

    /// <summary>The fault of an exception of the file system.</summary>
    public static StateException Of(Exception e, string file) => e switch
    {
        StateException known => known,
        UnauthorizedAccessException => ReadOnly(file, $"({e.Message})", e),
        IOException { HResult: DiskFull or QuotaFull } => Full(file, $"({e.Message})", e),
        IOException { HResult: ReadOnlyFileSystem } => ReadOnly(file, $"({e.Message})", e),
        _ => new StateException(
            StateFault.Unavailable,
            file,
            $"The state store {file} cannot be used; check that its directory exists and that this user may use it. ({e.Message})",
            e),
    };

    /// <summary>The fault of an exception of the file system when the store did not exist and could not be made.</summary>
    public static StateException OfMaking(Exception e, string file)
    {
        var fault = Of(e, file);
        return fault.Fault == StateFault.NoSpace
            ? fault
            : new StateException(
                fault.Fault,
                file,
                $"The state store {file} is not there, as far as this user can see, and cannot be made; "
                + $"let this user write {Path.GetDirectoryName(file)}, or name another place. ({e.Message})",
                e);
    }

    public static StateException Busy(string file, string said) =>
        new(
            StateFault.Unavailable,
            file,
            $"The state store {file} is locked by another process for too long; nothing was stored. Look for a stopped process that has it open. {said}");

    public static StateException Corrupt(string file, string what, string said) =>
        new(
            StateFault.Corrupt,
            file,
            ($"{what}. Restore it from a copy, or move it away together with {Path.GetFileName(file)}-wal and {Path.GetFileName(file)}-shm "
                + $"to begin with an empty store. {said}").TrimEnd());

    private static StateException Full(string file, string said, Exception? inner = null) =>
        new(StateFault.NoSpace, file, $"The disk below the state store {file} is full; nothing was stored. Make room: it goes on by itself. {said}", inner);

    private static StateException ReadOnly(string file, string said, Exception? inner = null) =>
        new(
            StateFault.ReadOnly,
            file,
            $"The state store {file} can be read but not written; run as a user who may write it and its directory, or remount the file system. {said}",
            inner);

    /// <summary>SQLite reports a full disk as such only for some files; for its shared memory it is an input/output error.</summary>
    private static bool IsFull(string file)
    {
        try
        {
            return new DriveInfo(Path.GetDirectoryName(file)!).AvailableFreeSpace < HardlyAnything;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException)
        {
            return false;
        }
    }
}
