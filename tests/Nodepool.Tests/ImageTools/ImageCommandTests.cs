using Nodepool.Core.Collections;
using Nodepool.Core.Config;
using Nodepool.Core.Images;
using Nodepool.ImageTools;

namespace Nodepool.Tests.ImageTools;

public sealed class ImageCommandTests
{
    private static readonly DiskImageConfig Image = new() { Name = "debian" };

    [Theory]
    [InlineData(true, "--mode=root")]
    [InlineData(false, "--mode=unshare")]
    public void Mmdebstrap_Arguments_HoldPackagesOnceOptionsAndOutput(bool isRoot, string mode)
    {
        var settings = new MmdebstrapSettings { Packages = ["systemd", "sudo"] };

        var arguments = MmdebstrapCommand.Arguments(
            settings, ["git", "sudo"], ["Acquire::http::Proxy \"http://proxy.example:3128\""], "bookworm", "/w/scratch/customize", "/w/image.tar", isRoot);

        Assert.Equal([mode, "--variant=apt", "--format=tar", "--include=systemd,sudo,git"], arguments.Take(4));
        Assert.Contains("--aptopt=Acquire::http::Proxy \"http://proxy.example:3128\"", arguments);
        Assert.Equal(["--customize-hook=/w/scratch/customize", "bookworm", "/w/image.tar", "-"], arguments.TakeLast(4));
    }

    [Fact]
    public void Mmdebstrap_DefaultSettings_HoldKernelInitAndSshd()
    {
        var settings = new MmdebstrapSettings();

        Assert.Contains(settings.Packages, name => name.StartsWith("linux-image-cloud-", StringComparison.Ordinal));
        Assert.Contains("openssh-server", settings.Packages);
        Assert.StartsWith("#!/bin/sh\n", settings.CustomizeScript, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("I: downloading packages with apt...", "downloading packages")]
    [InlineData("I: creating tarball...", "packing the tree")]
    [InlineData("Setting up libc6 (2.36-9)", null)]
    public void Mmdebstrap_OutputLine_TellsThePhase(string line, string? phase) => Assert.Equal(phase, MmdebstrapCommand.PhaseOf(line));

    [Fact]
    public void Dib_Arguments_AreThoseOfNodepool()
    {
        var image = Image with { DibCommand = ["/opt/dib", "--verbose x"], Elements = ["debian-minimal", "vm"] };

        var arguments = DibCommand.Arguments(Order(image, "qcow2", "raw"));

        Assert.Equal(
            ["--verbose x", "-x", "-t", "qcow2,raw", "--checksum", "--no-tmpfs", "--qemu-img-options", "compat=0.10", "-o", "/images/debian-1", "debian-minimal", "vm"],
            arguments);
    }

    [Fact]
    public void Dib_ArgumentsWithoutQcow2_HaveNoQemuOptions() => Assert.DoesNotContain("--qemu-img-options", DibCommand.Arguments(Order(Image, "raw")));

    [Fact]
    public void Dib_Environment_IsOverriddenByEnvVars()
    {
        var image = Image with { Release = "bookworm", EnvVars = new ValueMap<string>([new("DIB_IMAGE_NAME", "mine"), new("DIB_X", "1")]) };

        var environment = DibCommand.Environment(Order(image, "raw") with { ElementsDir = "/elements" }, "/scratch");

        Assert.Equal("mine", environment["DIB_IMAGE_NAME"]);
        Assert.Equal("1", environment["DIB_X"]);
        Assert.Equal("/images/debian-1", environment["DIB_IMAGE_FILENAME"]);
        Assert.Equal("bookworm", environment["DIB_RELEASE"]);
        Assert.Equal("/elements", environment["ELEMENTS_PATH"]);
        Assert.Equal("/scratch", environment["TMP_DIR"]);
    }

    [Fact]
    public void Dib_EnvironmentWithoutReleaseAndElements_LeavesThemOut()
    {
        var environment = DibCommand.Environment(Order(Image, "raw"), "/scratch");

        Assert.False(environment.ContainsKey("DIB_RELEASE"));
        Assert.False(environment.ContainsKey("ELEMENTS_PATH"));
    }

    [Theory]
    [InlineData(null, 4L << 30)]
    [InlineData("10", 10L << 30)]
    [InlineData("0.5", 512L << 20)]
    public void DiskSize_FromEnvVars_IsInGibibytes(string? text, long bytes) => Assert.Equal(bytes, DiskPacker.SizeOf(Order(WithSize(text), "raw")));

    [Theory]
    [InlineData("0")]
    [InlineData("-1")]
    [InlineData("10G")]
    [InlineData("99999")]
    [InlineData("NaN")]
    public void DiskSize_ThatIsNone_IsRefusedByName(string text)
    {
        var fault = Assert.Throws<ImageBuildException>(() => DiskPacker.SizeOf(Order(WithSize(text), "raw")));

        Assert.Contains($"DIB_IMAGE_SIZE is the size of the disk in GiB, a number up to 4096, not '{text}'", fault.Message, StringComparison.Ordinal);
    }

    private static DiskImageConfig WithSize(string? text) => text is null ? Image : Image with { EnvVars = new ValueMap<string>([new("DIB_IMAGE_SIZE", text)]) };

    private static ImageBuildOrder Order(DiskImageConfig image, params string[] formats) => new(image, [.. formats], "/images/debian-1", "/logs/debian-1.log", null);
}
