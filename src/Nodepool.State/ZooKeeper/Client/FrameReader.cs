using System.Buffers.Binary;

namespace Nodepool.State.ZooKeeper.Client;

/// <summary>Cuts what comes from a server into frames: four bytes of length, then as many bytes.</summary>
/// <param name="stream">The connection.</param>
/// <param name="longest">The longest frame that is taken.</param>
internal sealed class FrameReader(Stream stream, int longest)
{
    private const int KeptBytes = 64 * 1024;

    private byte[] _buffer = new byte[16 * 1024];
    private int _start;
    private int _end;

    /// <summary>The next frame, without its length; valid until the next call.</summary>
    /// <exception cref="JuteException">The length makes no sense or is too large.</exception>
    /// <exception cref="IOException">The connection ended.</exception>
    public async ValueTask<ReadOnlyMemory<byte>> ReadAsync(CancellationToken ct)
    {
        await FillAsync(sizeof(int), ct);
        var length = BinaryPrimitives.ReadInt32BigEndian(_buffer.AsSpan(_start));
        if (length < 0 || length > longest)
        {
            throw new JuteException($"a frame of {length} bytes; {longest} are the most that is taken");
        }

        _start += sizeof(int);
        await FillAsync(length, ct);
        var frame = _buffer.AsMemory(_start, length);
        _start += length;
        return frame;
    }

    private async ValueTask FillAsync(int bytes, CancellationToken ct)
    {
        if (_end - _start >= bytes)
        {
            return;
        }

        MakeRoom(bytes);
        while (_end - _start < bytes)
        {
            var read = await stream.ReadAsync(_buffer.AsMemory(_end), ct);
            if (read == 0)
            {
                throw new IOException("the server closed the connection");
            }

            _end += read;
            if (_end == _buffer.Length && _end - _start < bytes)
            {
                // Grows as the bytes come, not as the length claims.
                Array.Resize(ref _buffer, Math.Min(Math.Max(_buffer.Length * 2, KeptBytes), _start + bytes));
            }
        }
    }

    /// <summary>Moves what is left to the front, into a small buffer when the last frames were long.</summary>
    private void MakeRoom(int bytes)
    {
        var left = _buffer.AsSpan(_start, _end - _start);
        if (_buffer.Length > KeptBytes && left.Length < KeptBytes && bytes <= KeptBytes)
        {
            var smaller = new byte[KeptBytes];
            left.CopyTo(smaller);
            _buffer = smaller;
        }
        else
        {
            left.CopyTo(_buffer);
        }

        _end -= _start;
        _start = 0;
        if (_end == _buffer.Length)
        {
            Array.Resize(ref _buffer, _buffer.Length * 2);
        }
    }
}
