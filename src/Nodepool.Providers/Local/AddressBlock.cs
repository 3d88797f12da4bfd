using System.Buffers.Binary;
using System.Diagnostics.CodeAnalysis;
using System.Net;

namespace Nodepool.Providers.Local;

/// <summary>A block of loopback addresses of this host, <c>127.a.b.c/N</c>.</summary>
/// <param name="First">First address, as a number.</param>
/// <param name="PrefixLength">Bits that all its addresses share, 8 to 30.</param>
public sealed record AddressBlock(uint First, int PrefixLength)
{
    /// <summary>The block of a provider that names none.</summary>
    public static AddressBlock Default { get; } = new(0x7f4d0000, 16);

    /// <summary>Number of addresses, those included that <see cref="At"/> never gives.</summary>
    public uint Size => 1u << (32 - PrefixLength);

    /// <summary>Reads <c>127.77.0.0/16</c>.</summary>
    public static bool TryParse(string text, [NotNullWhen(true)] out AddressBlock? block)
    {
        block = null;
        if (!IPNetwork.TryParse(text, out var network) || network.PrefixLength is < 8 or > 30 || network.BaseAddress.GetAddressBytes() is not [127, _, _, _] bytes)
            return false;
        block = new AddressBlock(BinaryPrimitives.ReadUInt32BigEndian(bytes), network.PrefixLength);
        return true;
    }

    /// <summary>The address at a place, or null where people would take it for a network or broadcast address.</summary>
    public string? At(uint place)
    {
        var number = First + (place % Size);
        return (number & 0xff) is 0 or 0xff ? null : string.Join('.', number >> 24, (number >> 16) & 0xff, (number >> 8) & 0xff, number & 0xff);
    }

    /// <inheritdoc/>
    public override string ToString() => $"{First >> 24}.{(First >> 16) & 0xff}.{(First >> 8) & 0xff}.{First & 0xff}/{PrefixLength}";
}
