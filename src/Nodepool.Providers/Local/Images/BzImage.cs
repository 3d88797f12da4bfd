using System.Buffers.Binary;

namespace Nodepool.Providers.Local.Images;

/// <summary>
/// Takes the kernel out of its self-extracting file where it is packed with LZ4, as Debian's is: unpacking it here takes a
/// fraction of what the emulated machine needs (about a second of each boot).
/// </summary>
internal static class BzImage
{
    // Offsets of the setup header (kernel documentation, arch/x86/boot).
    private const int SetupSectors = 0x1f1;
    private const int Signature = 0x202;
    private const int PayloadOffset = 0x248;
    private const int PayloadLength = 0x24c;
    private const int Sector = 512;

    /// <summary>Writes the kernel that QEMU shall load: the ELF inside, or the file as it is where that is packed otherwise.</summary>
    public static async ValueTask UnpackAsync(string path, string target, CancellationToken ct)
    {
        var file = await File.ReadAllBytesAsync(path, ct);
        await File.WriteAllBytesAsync(target, TryUnpack(file) ?? file, ct);
    }

    /// <summary>The ELF inside, or null.</summary>
    public static byte[]? TryUnpack(ReadOnlySpan<byte> file)
    {
        if (file.Length < PayloadLength + 4 || !file[Signature..].StartsWith("HdrS"u8))
            return null;
        var start = ((file[SetupSectors] + 1L) * Sector) + BinaryPrimitives.ReadUInt32LittleEndian(file[PayloadOffset..]);
        var length = (long)BinaryPrimitives.ReadUInt32LittleEndian(file[PayloadLength..]);
        if (length < 8 || start + length > file.Length)
            return null;
        var payload = file.Slice((int)start, (int)length);
        // The build appends the unpacked size to the packed kernel.
        var size = BinaryPrimitives.ReadUInt32LittleEndian(payload[^4..]);
        var kernel = Lz4Legacy.TryUnpack(payload[..^4], size);
        return kernel is not null && kernel.AsSpan().StartsWith("\u007fELF"u8) ? kernel : null;
    }
}
