using System.Globalization;
using System.Text;

namespace Nodepool.Tests.Providers.Local;

/// <summary>Reads a newc archive by its definition.</summary>
internal static class CpioReading
{
    private const int HeaderLength = 110;

    public static IReadOnlyList<(string Path, string Mode, byte[] Content)> Entries(byte[] archive)
    {
        var entries = new List<(string, string, byte[])>();
        for (var at = 0; ;)
        {
            Assert.Equal("070701", Encoding.ASCII.GetString(archive, at, 6));
            var (mode, length, nameLength) = (Field(archive, at, 1), Field(archive, at, 6), Field(archive, at, 11));
            var name = Encoding.UTF8.GetString(archive, at + HeaderLength, nameLength - 1);
            var start = (at + HeaderLength + nameLength + 3) & ~3;
            if (name == "TRAILER!!!")
                return entries;
            entries.Add((name, mode.ToString("X", CultureInfo.InvariantCulture), archive[start..(start + length)]));
            at = (start + length + 3) & ~3;
        }
    }

    private static int Field(byte[] archive, int at, int index) =>
        int.Parse(Encoding.ASCII.GetString(archive, at + 6 + (index * 8), 8), NumberStyles.HexNumber, CultureInfo.InvariantCulture);
}
