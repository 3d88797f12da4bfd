using System.Buffers.Binary;
using Nodepool.Providers.Local.Images;

namespace Nodepool.Tests.Providers.Local;

public sealed class BootFilesTests
{
    [Fact]
    public void LoadOrder_OfModulesWithNeeds_LoadsTheNeedsFirstAndOnce()
    {
        string[] dependencies =
        [
            "kernel/drivers/virtio/virtio.ko: kernel/drivers/virtio/virtio_ring.ko",
            "kernel/drivers/virtio/virtio_ring.ko:",
            "kernel/drivers/virtio/virtio_pci.ko: kernel/drivers/virtio/virtio.ko kernel/drivers/virtio/virtio_ring.ko",
            "kernel/drivers/block/virtio_blk.ko.xz: kernel/drivers/virtio/virtio.ko kernel/drivers/virtio/virtio_ring.ko",
            "kernel/drivers/char/hw_random/virtio-rng.ko: kernel/drivers/virtio/virtio.ko kernel/drivers/virtio/virtio_ring.ko",
            "kernel/crypto/crc32c_generic.ko:",
            "kernel/other.ko:",
        ];

        Assert.Equal(
            ["virtio_ring", "virtio", "virtio_pci", "virtio_blk", "virtio_rng"],
            KernelModules.LoadOrder(dependencies, KernelModules.Wanted).Select(KernelModules.NameOf));
    }

    [Fact]
    public void LoadOrder_WithExt4AsAModule_LoadsItsChecksumToo()
    {
        string[] dependencies = ["kernel/fs/ext4.ko: kernel/fs/jbd2.ko", "kernel/fs/jbd2.ko:", "kernel/crypto/crc32c_generic.ko:"];

        Assert.Equal(["crc32c_generic", "jbd2", "ext4"], KernelModules.LoadOrder(dependencies, ["ext4"]).Select(KernelModules.NameOf));
    }

    [Fact]
    public void VersionOrder_OfKernels_ComparesNumbersAsNumbers()
    {
        string[] names = ["vmlinuz-6.10.0-1", "vmlinuz-6.9.0-12", "vmlinuz-6.9.0-2", "vmlinuz-6.1.0-56-cloud"];

        Assert.Equal(["vmlinuz-6.1.0-56-cloud", "vmlinuz-6.9.0-2", "vmlinuz-6.9.0-12", "vmlinuz-6.10.0-1"], names.Order(VersionOrder.Instance));
    }

    [Theory]
    [InlineData(1u, true)]
    [InlineData(3u, false)]
    public void StaticProgram_IsOneWithoutAnInterpreter(uint headerType, bool isStatic)
    {
        var file = new byte[64 + 56];
        "\u007fELF\u0002\u0001"u8.CopyTo(file);
        BinaryPrimitives.WriteUInt64LittleEndian(file.AsSpan(32), 64);
        BinaryPrimitives.WriteUInt16LittleEndian(file.AsSpan(54), 56);
        BinaryPrimitives.WriteUInt16LittleEndian(file.AsSpan(56), 1);
        BinaryPrimitives.WriteUInt32LittleEndian(file.AsSpan(64), headerType);

        Assert.Equal(isStatic, StaticProgram.Is(file));
        Assert.False(StaticProgram.Is(file.AsSpan(0, 80)));
        Assert.False(StaticProgram.Is("#!/bin/sh"u8));
    }

    [Fact]
    public void Lz4_OfLiteralsAndAnOverlappingMatch_IsUnpacked()
    {
        // "ab", a match of 4+4 at distance 2, the literal "!"
        byte[] block = [0x24, (byte)'a', (byte)'b', 2, 0, 0x10, (byte)'!'];

        Assert.Equal("ababababab!"u8.ToArray(), Lz4Legacy.TryUnpack(Frame(block), 11));
    }

    [Fact]
    public void Lz4_OfALongRun_IsUnpacked()
    {
        // One literal, then a match of 4+15+255+6 at distance 1.
        byte[] block = [0x1f, (byte)'x', 1, 0, 255, 6, 0x00];

        Assert.Equal(Enumerable.Repeat((byte)'x', 281), Lz4Legacy.TryUnpack(Frame(block), 281));
    }

    [Theory]
    [InlineData(new byte[] { 0x24, 97, 98, 3, 0, 0x00 }, 10u)] // reaches before the block
    [InlineData(new byte[] { 0x24, 97, 98, 0, 0, 0x00 }, 10u)] // no distance
    [InlineData(new byte[] { 0x50, 97, 98 }, 5u)] // fewer literals than announced
    [InlineData(new byte[] { 0x24, 97, 98, 2 }, 10u)] // ends inside a distance
    [InlineData(new byte[] { 0xf0, 255, 255 }, 900u)] // ends inside a length
    [InlineData(new byte[] { 0x24, 97, 98, 2, 0, 0x00 }, 9u)] // more than announced
    [InlineData(new byte[] { 0x24, 97, 98, 2, 0, 0x00 }, 11u)] // less than announced
    public void Lz4_OfDamagedData_IsRefused(byte[] block, uint size) => Assert.Null(Lz4Legacy.TryUnpack(Frame(block), size));

    [Fact]
    public void Lz4_OfRandomlyChangedData_NeverFails()
    {
        byte[] good = Frame([0x24, (byte)'a', (byte)'b', 2, 0, 0x1f, (byte)'!', 1, 0, 40, 0x10, (byte)'z']);
        var random = new Random(4);
        for (var i = 0; i < 20_000; i++)
        {
            var changed = (byte[])good.Clone();
            changed[random.Next(4, changed.Length)] = (byte)random.Next(256);
            _ = Lz4Legacy.TryUnpack(changed, (uint)random.Next(100));
        }

        Assert.NotNull(Lz4Legacy.TryUnpack(good, 71));
    }

    [Fact]
    public void Kernel_PackedWithLz4_IsUnpackedAndAnyOtherLeft()
    {
        byte[] elf = [0x7f, (byte)'E', (byte)'L', (byte)'F', 9];
        byte[] payload = [.. Frame([0x50, .. elf]), 5, 0, 0, 0];
        var file = new byte[1024 + payload.Length];
        file[0x1f1] = 0;
        "HdrS"u8.CopyTo(file.AsSpan(0x202));
        BinaryPrimitives.WriteUInt32LittleEndian(file.AsSpan(0x248), 512);
        BinaryPrimitives.WriteUInt32LittleEndian(file.AsSpan(0x24c), (uint)payload.Length);
        payload.CopyTo(file, 1024);

        Assert.Equal(elf, BzImage.TryUnpack(file));
        file[1024] ^= 1;
        Assert.Null(BzImage.TryUnpack(file));
        Assert.Null(BzImage.TryUnpack("short"u8));
    }

    private static byte[] Frame(byte[] block)
    {
        var frame = new byte[8 + block.Length];
        BinaryPrimitives.WriteUInt32LittleEndian(frame, 0x184c2102);
        BinaryPrimitives.WriteInt32LittleEndian(frame.AsSpan(4), block.Length);
        block.CopyTo(frame, 8);
        return frame;
    }
}
