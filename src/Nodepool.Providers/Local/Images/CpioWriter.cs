using System.Globalization;
using System.Text;

namespace Nodepool.Providers.Local.Images;

/// <summary>
/// Writes an archive as Linux reads it for its initial RAM disk: cpio in the format "newc" (kernel documentation,
/// driver-api/early-userspace/buffer-format). Archives may follow one another; everything belongs to root.
/// </summary>
internal sealed class CpioWriter(Stream stream)
{
    private const int Directory = 0x4000;
    private const int RegularFile = 0x8000;
    private const int SymbolicLink = 0xa000;
    private const string Trailer = "TRAILER!!!";

    private uint _lastInode;

    /// <summary>A directory; those above it must have been written.</summary>
    public void AddDirectory(string path, int mode = 0x1ed /* 0755 */) => Add(path, Directory | mode, default);

    /// <summary>A file.</summary>
    public void AddFile(string path, ReadOnlySpan<byte> content, int mode) => Add(path, RegularFile | mode, content);

    /// <summary>A symbolic link.</summary>
    public void AddLink(string path, string target) => Add(path, SymbolicLink | 0x1ff /* 0777 */, Encoding.UTF8.GetBytes(target));

    /// <summary>Ends the archive; nothing may be added after it.</summary>
    public void End()
    {
        _lastInode = uint.MaxValue;
        Add(Trailer, 0, default);
    }

    private void Add(string path, int mode, ReadOnlySpan<byte> content)
    {
        // Own numbers only keep the kernel from taking two files for links of one; the trailer has 0.
        var inode = unchecked(++_lastInode);
        var name = Encoding.UTF8.GetBytes(path + '\0');
        var header = string.Create(
            CultureInfo.InvariantCulture,
            $"070701{inode:X8}{mode:X8}{0:X8}{0:X8}{1:X8}{0:X8}{content.Length:X8}{0:X8}{0:X8}{0:X8}{0:X8}{name.Length:X8}{0:X8}");
        stream.Write(Encoding.ASCII.GetBytes(header));
        stream.Write(name);
        Pad(header.Length + name.Length);
        stream.Write(content);
        Pad(content.Length);
    }

    private void Pad(int length)
    {
        ReadOnlySpan<byte> zeros = [0, 0, 0];
        stream.Write(zeros[..(-length & 3)]);
    }
}
