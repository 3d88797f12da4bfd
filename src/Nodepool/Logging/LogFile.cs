using System.ComponentModel;
using System.Runtime.InteropServices;
using System.Text;
using Microsoft.Win32.SafeHandles;

namespace Nodepool.Logging;

/// <summary>
/// A log in a file that others rotate: when the file that it writes to is no longer the one of its name, it opens that name anew. Used by one
/// thread at a time.
/// </summary>
internal sealed partial class LogFile : TextWriter
{
    private const int WriteOnly = 0x1;
    private const int Create = 0x40;
    private const int AppendOnly = 0x400;
    private const int CloseOnExecute = 0x80000;

    private const uint OwnerAndGroup = 0x1a0; // rw-r-----

    private readonly string _path;
    private SafeFileHandle? _handle;
    private string? _identity;

    /// <summary>Opens the file, and makes it and its directory when they are missing.</summary>
    /// <exception cref="IOException">It cannot be opened; <see cref="UnauthorizedAccessException"/> likewise.</exception>
    public LogFile(string path)
    {
        _path = path;
        Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(path))!);
        Open();
    }

    public override Encoding Encoding => Encoding.UTF8;

    public override void Write(char value) => Write(value.ToString());

    public override void Write(StringBuilder? value) => Write(value?.ToString());

    public override void Write(string? value)
    {
        if (string.IsNullOrEmpty(value))
        {
            return;
        }

        if (_handle is null || Identity(_handle) != _identity)
        {
            Close();
            Open();
        }

        // Each event is one write at the end of the file, whatever the offset: several processes may share it.
        RandomAccess.Write(_handle!, Encoding.UTF8.GetBytes(value), fileOffset: 0);
    }

    protected override void Dispose(bool disposing)
    {
        Close();
        base.Dispose(disposing);
    }

    private void Open()
    {
        // The framework's own way to append keeps a position; the kernel's finds the end also when others write, or cut the file.
        _handle = OpenDescriptor(_path, WriteOnly | Create | AppendOnly | CloseOnExecute, OwnerAndGroup);
        if (_handle.IsInvalid)
        {
            throw new IOException($"{_path}: {new Win32Exception(Marshal.GetLastPInvokeError()).Message}");
        }

        _identity = Identity(_handle);
    }

    private new void Close()
    {
        _handle?.Dispose();
        _handle = null;
    }

    /// <summary>The path that the kernel has for the open file: it changes when the file is renamed or deleted.</summary>
    private static string? Identity(SafeFileHandle handle)
    {
        try
        {
            return File.ResolveLinkTarget($"/proc/self/fd/{handle.DangerousGetHandle()}", returnFinalTarget: false)?.FullName;
        }
        catch (IOException)
        {
            return null;
        }
    }

    [LibraryImport("libc", EntryPoint = "open", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial SafeFileHandle OpenDescriptor(string path, int flags, uint mode);
}
