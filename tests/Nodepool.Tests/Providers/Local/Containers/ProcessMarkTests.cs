using Nodepool.Providers.Local.Containers;
using Nodepool.Providers.Processes;

namespace Nodepool.Tests.Providers.Local.Containers;

public sealed class ProcessMarkTests
{
    [Fact]
    public void Parse_OfThisBoot_IsTheProcess() => Assert.Equal(new ProcessIdentity(4711, 18446744073709551615), ProcessMark.Parse("4711 18446744073709551615 boot-1\n", "boot-1"));

    [Theory]
    [InlineData("4711 99 boot-2\n")]
    [InlineData("")]
    [InlineData("4711")]
    [InlineData("4711 99")]
    [InlineData("x 99 boot-1")]
    [InlineData("-1 99 boot-1")]
    [InlineData("4711 -99 boot-1")]
    [InlineData("4711 99 boot-1 more")]
    public void Parse_OfAnotherBootOrDamaged_IsNone(string text) => Assert.Null(ProcessMark.Parse(text, "boot-1"));

    [Fact]
    public void ReadAlive_NoFile_IsNone() => Assert.Null(ProcessMark.ReadAlive("/nonexistent/outer"));

    [Theory]
    [InlineData("sh\0/i/n1/init.sh\0start\0", true)]
    [InlineData("sh\0/i/n1/init.sh", true)]
    [InlineData("sh\0/i/n1/init.sh2\0", false)]
    [InlineData("sh\0x/i/n1/init.sh\0", false)]
    [InlineData("", false)]
    public void HasArgument_WholeArgumentsOnly(string commandLine, bool has) =>
        Assert.Equal(has, ScriptProcesses.HasArgument(System.Text.Encoding.UTF8.GetBytes(commandLine), "/i/n1/init.sh"u8));
}
