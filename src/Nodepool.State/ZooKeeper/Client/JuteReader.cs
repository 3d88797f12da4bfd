using System.Buffers.Binary;
using System.Text;

namespace Nodepool.State.ZooKeeper.Client;

/// <summary>Reads jute. Whatever the bytes are, it either gives a value that they hold or throws <see cref="JuteException"/>.</summary>
/// <param name="bytes">The record.</param>
/// <param name="chroot">What is taken off the front of every path.</param>
internal ref struct JuteReader(ReadOnlySpan<byte> bytes, string chroot)
{
    private ReadOnlySpan<byte> _rest = bytes;

    public readonly int Remaining => _rest.Length;

    public int ReadInt() => BinaryPrimitives.ReadInt32BigEndian(Take(sizeof(int), "a number"));

    public long ReadLong() => BinaryPrimitives.ReadInt64BigEndian(Take(sizeof(long), "a number"));

    public bool ReadBool() => Take(1, "a flag")[0] switch
    {
        0 => false,
        1 => true,
        var other => throw new JuteException($"a flag is {other}"),
    };

    /// <summary>Bytes, copied; no bytes when the server says that there are none.</summary>
    public byte[] ReadBuffer() => Take(ReadLength("a buffer"), "a buffer").ToArray();

    public string ReadString() => Encoding.UTF8.GetString(Take(ReadLength("a string"), "a string"));

    /// <summary>A path as the user of the client knows it: without the chroot.</summary>
    public string ReadPath()
    {
        var path = ReadString();
        if (chroot.Length == 0)
        {
            return path;
        }

        if (!path.StartsWith(chroot, StringComparison.Ordinal) || (path.Length > chroot.Length && path[chroot.Length] != '/'))
        {
            throw new JuteException($"the path {path} is not below {chroot}");
        }

        return path.Length == chroot.Length ? "/" : path[chroot.Length..];
    }

    public string[] ReadStrings()
    {
        var count = ReadLength("a list");
        // Each string takes four bytes at least: a length that lies does not make us reserve memory.
        if (count > _rest.Length / sizeof(int))
        {
            throw new JuteException($"a list of {count} does not fit into the {_rest.Length} bytes that are left");
        }

        var strings = new string[count];
        for (var i = 0; i < count; i++)
        {
            strings[i] = ReadString();
        }

        return strings;
    }

    private int ReadLength(string what)
    {
        var length = ReadInt();
        return length >= -1 ? Math.Max(length, 0) : throw new JuteException($"{what} has the length {length}");
    }

    private ReadOnlySpan<byte> Take(int bytes, string what)
    {
        if (bytes > _rest.Length)
        {
            throw new JuteException($"{what} of {bytes} bytes does not fit into the {_rest.Length} bytes that are left");
        }

        var taken = _rest[..bytes];
        _rest = _rest[bytes..];
        return taken;
    }
}
