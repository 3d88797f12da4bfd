using System.Text;
using Nodepool.Providers.Processes;

namespace Nodepool.Tests.Providers.Processes;

/// <summary>Output from which something is kept away line by line.</summary>
public sealed class LineCoverTests
{
    private readonly LineCover _cover = new(line => line.Replace("hunter2", "***", StringComparison.Ordinal));

    [Fact]
    public void Value_InPieces_IsCovered()
    {
        var shown = new MemoryStream();
        foreach (var letter in "+ login --password hunter2\nnext hunter2"u8.ToArray())
        {
            shown.Write(_cover.Take([letter]));
        }

        Assert.Equal("+ login --password ***\n", Text(shown.ToArray()));
        Assert.Equal("next ***", Text(_cover.Finish()));
        Assert.Empty(_cover.Finish());
    }

    [Fact]
    public void CarriageReturns_EndLinesToo_AndStay() => Assert.Equal("10 %\r20 %\r\nrest\n", Text(_cover.Take("10 %\r20 %\r\nrest\n"u8)));

    [Fact]
    public void Bytes_ThatAreNoText_StayAsTheyAre()
    {
        byte[] line = [0xff, 0xfe, 0x41, (byte)'\n'];

        Assert.Equal(line, _cover.Take(line));
    }

    [Fact]
    public void ALineWithoutEnd_IsNotHeldForEver()
    {
        var shown = _cover.Take(new byte[(1 << 20) + 5]);

        Assert.Equal(1 << 20, shown.Length);
        Assert.Equal(5, _cover.Finish().Length);
    }

    private static string Text(byte[] bytes) => Encoding.UTF8.GetString(bytes);
}
