using Nodepool.Core.Config;
using Nodepool.Core.Images;
using Nodepool.ImageTools;
using Nodepool.Providers.Processes;

namespace Nodepool.Tests.ImageTools;

public sealed class BuildFaultTests
{
    private static readonly ImageBuildOrder Order = new(new DiskImageConfig { Name = "debian" }, ["tar"], "/tmp/debian-1", "/logs/debian-1.log", null);

    [Fact]
    public void Describe_UnknownPackage_QuotesAptAndNamesTheKey()
    {
        var outcome = new ProcessOutcome(25, "Reading package lists...\nE: Unable to locate package nonesuch\nE: apt download failed: E: apt-get --yes\nI: removing tempdir\nE: mmdebstrap failed to run", "");

        Assert.Equal(
            "mmdebstrap failed with exit status 25: Unable to locate package nonesuch; correct the name, in 'packages' of this diskimage or in its elements; the log is /logs/debian-1.log",
            BuildFault.Describe("mmdebstrap", outcome, Order, "/tmp/debian-1.work"));
    }

    [Fact]
    public void Describe_OutputWithoutMarks_QuotesTheLastLine() =>
        Assert.Equal("dib failed with exit status 1: gone; the log is /logs/debian-1.log", BuildFault.Describe("dib", new ProcessOutcome(1, "first\ngone", ""), Order, "/tmp/debian-1.work"));

    [Fact]
    public void Describe_NoOutput_StillNamesTheLog() =>
        Assert.Equal("dib failed with exit status 1; the log is /logs/debian-1.log", BuildFault.Describe("dib", new ProcessOutcome(1, "", ""), Order, "/tmp/debian-1.work"));

    [Theory]
    [InlineData("tar: ./usr/bin/x: Cannot write: No space left on device")]
    [InlineData("E: You don't have enough free space in /var/cache/apt/archives/.")]
    public void Describe_FullDisk_NamesTheDirectoryAndTheRemedy(string line)
    {
        var message = BuildFault.Describe("tar", new ProcessOutcome(2, line, ""), Order, "/tmp/debian-1.work");

        Assert.StartsWith("the disk of /tmp is full (", message, StringComparison.Ordinal);
        Assert.Contains("delete old images there or set images-dir to a larger disk", message, StringComparison.Ordinal);
    }

    [Fact]
    public void Mounts_BelowADirectory_AreListedInnermostFirst()
    {
        const string Info = """
            1 0 0:1 / / rw - ext4 /dev/vda rw
            2 1 0:2 / /w/a.work/t rw - tmpfs t rw
            3 2 0:3 / /w/a.work/t/with\040blank rw - proc p rw
            4 1 0:4 / /w/a.workshop rw - tmpfs t rw
            """;

        Assert.Equal(["/w/a.work/t/with blank", "/w/a.work/t"], Mounts.Below("/w/a.work", Info));
    }
}
