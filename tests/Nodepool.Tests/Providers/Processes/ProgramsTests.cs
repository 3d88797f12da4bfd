using Nodepool.Providers.Processes;

namespace Nodepool.Tests.Providers.Processes;

public sealed class ProgramsTests
{
    [Fact]
    public void Require_MissingProgram_NamesItAndThePackage()
    {
        var fault = Assert.Throws<ProgramMissingException>(() => Programs.Require("/nowhere/qemu-img"));

        Assert.Equal("/nowhere/qemu-img", fault.Program);
        Assert.Equal("qemu-utils", fault.Package);
        Assert.EndsWith("apt-get install --no-install-recommends qemu-utils", fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Require_UnknownMissingProgram_AsksForItsPath() =>
        Assert.Contains("'no-such-program' was not found", Assert.Throws<ProgramMissingException>(() => Programs.Require("no-such-program")).Message, StringComparison.Ordinal);

    [Fact]
    public void Extend_OrdinaryPath_AddsTheSystemDirectoriesOnce() =>
        Assert.Equal("/usr/bin:/usr/sbin:/usr/local/sbin:/sbin", Programs.Extend("/usr/bin:/usr/sbin"));

    [Fact]
    public void Find_FileThatIsNotExecutable_IsNull() => Assert.Null(Programs.Find("/proc/self/stat"));
}
