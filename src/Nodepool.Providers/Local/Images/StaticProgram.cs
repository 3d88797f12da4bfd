using System.Buffers.Binary;

namespace Nodepool.Providers.Local.Images;

/// <summary>Tells programs that need no libraries from others.</summary>
internal static class StaticProgram
{
    private const int HeaderLength = 64;
    private const uint Interpreter = 3;

    /// <summary>Whether a file is a 64-bit little-endian ELF program without an interpreter (ELF-64 object file format, program header PT_INTERP).</summary>
    public static bool Is(ReadOnlySpan<byte> file)
    {
        if (file.Length < HeaderLength || !file.StartsWith("\u007fELF\u0002\u0001"u8))
            return false;
        var offset = BinaryPrimitives.ReadUInt64LittleEndian(file[32..]);
        var (size, count) = (BinaryPrimitives.ReadUInt16LittleEndian(file[54..]), BinaryPrimitives.ReadUInt16LittleEndian(file[56..]));
        if (size < 4 || offset + ((ulong)size * count) > (ulong)file.Length)
            return false;
        for (var i = 0; i < count; i++)
        {
            if (BinaryPrimitives.ReadUInt32LittleEndian(file[((int)offset + (i * size))..]) == Interpreter)
                return false;
        }

        return true;
    }
}
