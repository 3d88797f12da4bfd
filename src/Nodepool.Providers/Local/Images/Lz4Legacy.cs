using System.Buffers.Binary;

namespace Nodepool.Providers.Local.Images;

/// <summary>Unpacks the LZ4 "legacy frame", in which the kernel's build packs (LZ4 frame and block format descriptions).</summary>
internal static class Lz4Legacy
{
    private const uint Magic = 0x184c2102;
    private const uint LargestResult = 1 << 29;
    private const int LeastMatch = 4;

    /// <summary>The content, or null when this is another format or damaged.</summary>
    /// <param name="frame">Magic number, then blocks, each after its packed length.</param>
    /// <param name="size">Length of the content.</param>
    public static byte[]? TryUnpack(ReadOnlySpan<byte> frame, uint size)
    {
        if (size > LargestResult || frame.Length < 4 || BinaryPrimitives.ReadUInt32LittleEndian(frame) != Magic)
            return null;
        var content = new byte[size];
        var written = 0;
        for (frame = frame[4..]; frame.Length >= 4;)
        {
            var length = BinaryPrimitives.ReadUInt32LittleEndian(frame);
            frame = frame[4..];
            if (length > frame.Length || !TryUnpackBlock(frame[..(int)length], content, ref written))
                return null;
            frame = frame[(int)length..];
        }

        return frame.IsEmpty && written == content.Length ? content : null;
    }

    private static bool TryUnpackBlock(ReadOnlySpan<byte> block, Span<byte> content, ref int written)
    {
        // Matches never reach before their own block.
        var first = written;
        while (!block.IsEmpty)
        {
            int token = block[0];
            block = block[1..];
            if (!TryReadLength(token >> 4, ref block, out var literals) || literals > block.Length || literals > content.Length - written)
                return false;
            block[..literals].CopyTo(content[written..]);
            written += literals;
            block = block[literals..];
            if (block.IsEmpty)
                return true;
            if (block.Length < 2)
                return false;
            int distance = BinaryPrimitives.ReadUInt16LittleEndian(block);
            block = block[2..];
            if (!TryReadLength(token & 15, ref block, out var match) || distance == 0 || distance > written - first || match > content.Length - written - LeastMatch)
                return false;
            CopyMatch(content, ref written, distance, match + LeastMatch);
        }

        return true;
    }

    private static void CopyMatch(Span<byte> content, ref int written, int distance, int length)
    {
        // A match may overlap what it makes: each round copies what is there, at most as far as the distance reaches.
        while (length > 0)
        {
            var part = Math.Min(length, distance);
            content.Slice(written - distance, part).CopyTo(content[written..]);
            written += part;
            length -= part;
        }
    }

    private static bool TryReadLength(int length, ref ReadOnlySpan<byte> block, out int total)
    {
        total = length;
        if (length < 15)
            return true;
        while (!block.IsEmpty)
        {
            var more = block[0];
            block = block[1..];
            total += more;
            if (more < 255)
                return true;
            if (total > LargestResult)
                return false;
        }

        return false;
    }
}
