using Nodepool.Logging;

namespace Nodepool.Tests.Logging;

public sealed class PrintableTests
{
    [Theory]
    [InlineData("plain ünïcode 日本", "plain ünïcode 日本")]
    [InlineData("a\r\nb\tc", "a\\r\\nb\\tc")]
    [InlineData("\u001b[31mred\u0007\u009b", "\\u001b[31mred\\u0007\\u009b")]
    [InlineData("\u202egpj.exe", "\\u202egpj.exe")]
    public void Printable_TextOfOthers_CannotDriveTheTerminal(string text, string expected) => Assert.Equal(expected, Printable.Line(text));
}
