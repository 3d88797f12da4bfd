using System.Text;
using Nodepool.Providers.Local;
using Nodepool.Providers.Local.Images;

namespace Nodepool.Tests.Providers.Local;

public sealed class CpioWriterTests
{
    [Fact]
    public void File_Written_IsAHeaderANameAndContentOnFourByteBorders()
    {
        var stream = new MemoryStream();

        new CpioWriter(stream).AddFile("ab", "xyz"u8, 0x1a4);

        // magic, inode 1, mode 0100644, uid 0, gid 0, links 1, time 0, size 3, four device numbers, name length 3, checksum 0
        var header = "070701" + "00000001" + "000081A4" + "00000000" + "00000000" + "00000001" + "00000000" + "00000003"
            + "00000000" + "00000000" + "00000000" + "00000000" + "00000003" + "00000000";
        Assert.Equal(header + "ab\0" + "\0\0\0" + "xyz\0", Encoding.ASCII.GetString(stream.ToArray()));
    }

    [Fact]
    public void Archive_Ended_HasTheTrailerWithInodeZero()
    {
        var stream = new MemoryStream();
        var writer = new CpioWriter(stream);
        writer.AddDirectory("d");
        writer.AddLink("l", "/dev/null");

        writer.End();

        var entries = CpioReading.Entries(stream.ToArray());
        Assert.Equal([("d", "41ED", ""), ("l", "A1FF", "/dev/null")], entries.Select(each => (each.Path, each.Mode, Encoding.ASCII.GetString(each.Content))));
        Assert.Equal(0, stream.Length % 4);
    }

    [Fact]
    public void Seed_Written_HasEveryDirectoryOnceAndBeforeItsFiles()
    {
        var stream = new MemoryStream();

        BootFiles.WriteSeed(
            stream,
            [
                new SeedFile("etc/hostname", "np1\n"u8.ToArray(), 0x1a4),
                new SeedFile("etc/ssh/key", "secret"u8.ToArray(), 0x180),
                new SeedFile("etc/ssh/off", default, 0, "/dev/null"),
            ]);

        Assert.Equal(
            ["seed 41ED", "seed/etc 41ED", "seed/etc/hostname 81A4", "seed/etc/ssh 41ED", "seed/etc/ssh/key 8180", "seed/etc/ssh/off A1FF"],
            CpioReading.Entries(stream.ToArray()).Select(each => $"{each.Path} {each.Mode}"));
    }

    [Fact]
    public void Base_Written_HasInitBusyboxAndModulesInLoadOrder()
    {
        var stream = new MemoryStream();

        BootFiles.WriteBase(stream, "box"u8, [("b.ko", "B"u8.ToArray()), ("a.ko", "A"u8.ToArray())], BootFiles.ReadInit());

        var entries = CpioReading.Entries(stream.ToArray()).ToDictionary(each => each.Path);
        Assert.Equal("b.ko\na.ko\n", Encoding.ASCII.GetString(entries["lib/modules/order"].Content));
        Assert.Equal("81ED", entries["init"].Mode);
        Assert.StartsWith("#!/bin/busybox sh", Encoding.UTF8.GetString(entries["init"].Content), StringComparison.Ordinal);
        Assert.All((string[])["bin/busybox", "dev", "newroot", "proc", "seed", "sys"], path => Assert.Contains(path, entries.Keys));
    }
}
