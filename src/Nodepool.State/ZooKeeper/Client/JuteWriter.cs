using System.Buffers.Binary;
using System.Text;

namespace Nodepool.State.ZooKeeper.Client;

/// <summary>
/// Writes jute, ZooKeeper's encoding, into a buffer that grows and is used again: big-endian numbers, strings and buffers with their
/// length before them, frames likewise.
/// </summary>
/// <param name="chroot">What is put before every path; empty, or absolute without a trailing slash.</param>
internal sealed class JuteWriter(string chroot)
{
    private const int KeptBytes = 256 * 1024;

    private byte[] _buffer = new byte[4096];

    /// <summary>Bytes written so far.</summary>
    public int Length { get; private set; }

    public ReadOnlyMemory<byte> Written => _buffer.AsMemory(0, Length);

    public void Clear()
    {
        Length = 0;
        if (_buffer.Length > KeptBytes)
        {
            _buffer = new byte[4096];
        }
    }

    /// <summary>Begins a frame; <see cref="EndFrame"/> takes what this returns.</summary>
    public int BeginFrame()
    {
        var start = Length;
        WriteInt(0);
        return start;
    }

    /// <summary>Puts the length before the frame that began at <paramref name="start"/>.</summary>
    /// <returns>The length.</returns>
    public int EndFrame(int start)
    {
        var length = Length - start - sizeof(int);
        BinaryPrimitives.WriteInt32BigEndian(_buffer.AsSpan(start), length);
        return length;
    }

    /// <summary>Takes everything from <paramref name="start"/> on back.</summary>
    public void Truncate(int start) => Length = start;

    public void WriteInt(int value) => BinaryPrimitives.WriteInt32BigEndian(Reserve(sizeof(int)), value);

    public void WriteLong(long value) => BinaryPrimitives.WriteInt64BigEndian(Reserve(sizeof(long)), value);

    public void WriteBool(bool value) => Reserve(1)[0] = value ? (byte)1 : (byte)0;

    public void WriteBuffer(ReadOnlySpan<byte> value)
    {
        WriteInt(value.Length);
        value.CopyTo(Reserve(value.Length));
    }

    public void WriteString(string value)
    {
        var length = Encoding.UTF8.GetByteCount(value);
        WriteInt(length);
        Encoding.UTF8.GetBytes(value, Reserve(length));
    }

    /// <summary>A path as the server knows it: below the chroot.</summary>
    public void WritePath(string path)
    {
        if (chroot.Length == 0)
        {
            WriteString(path);
            return;
        }

        if (path == "/")
        {
            WriteString(chroot);
            return;
        }

        var above = Encoding.UTF8.GetByteCount(chroot);
        var length = above + Encoding.UTF8.GetByteCount(path);
        WriteInt(length);
        var span = Reserve(length);
        Encoding.UTF8.GetBytes(chroot, span);
        Encoding.UTF8.GetBytes(path, span[above..]);
    }

    private Span<byte> Reserve(int bytes)
    {
        if (_buffer.Length - Length < bytes)
        {
            Array.Resize(ref _buffer, Math.Max(_buffer.Length * 2, Length + bytes));
        }

        var span = _buffer.AsSpan(Length, bytes);
        Length += bytes;
        return span;
    }
}
