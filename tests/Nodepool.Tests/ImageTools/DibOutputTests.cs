using Nodepool.Core.Config;
using Nodepool.Core.Images;
using Nodepool.ImageTools;

namespace Nodepool.Tests.ImageTools;

public sealed class DibOutputTests : IDisposable
{
    private readonly string _root = Directory.CreateTempSubdirectory("nodepool-test-").FullName;

    public void Dispose() => Directory.Delete(_root, recursive: true);

    [Theory]
    [InlineData("2026-01-05 10:11:12.345 | dib-run-parts Running /tmp/dib_build.X/hooks/root.d/08-debootstrap", "root.d", "root.d/08-debootstrap")]
    [InlineData("dib-run-parts Running /tmp/in_target.d/pre-install.d/00-up-to-date", "pre-install.d", "pre-install.d/00-up-to-date")]
    [InlineData("dib-run-parts Mon Jan  5 10:11:12 UTC 2026 Running /tmp/in_target.d/install.d/50-store", "install.d", "install.d/50-store")]
    [InlineData("2026-01-05 10:11:12.345 | Converting image using qemu-img convert", "converting", null)]
    [InlineData("2026-01-05 10:11:12.345 | Building elements: base debian-minimal vm", "collecting elements", null)]
    [InlineData("2026-01-05 10:11:12.345 | Calculating image size (this may take a minute)...", "making the disk", null)]
    [InlineData("2026-01-05 10:11:12.345 | + /usr/lib/python3/dist-packages/diskimage_builder/lib/img-functions:compress_and_save_image:157 :   echo 'Converting image using qemu-img convert'", null, null)]
    [InlineData("2026-01-05 10:11:12.345 | Running hooks from /tmp/dib_build.X/hooks/root.d", null, null)]
    [InlineData("+ echo dib-run-parts Running /tmp/x/install.d/50-store", null, null)]
    [InlineData("+ echo 'Converting image using qemu-img convert'", null, null)]
    [InlineData("Setting up libc6", null, null)]
    public void PhaseOf_Line_IsItsHookAndScript(string line, string? phase, string? script)
    {
        var output = new DibOutput();

        Assert.Equal((phase, script), (output.PhaseOf(line), output.Script));
    }

    [Fact]
    public void Script_ThatHasCompleted_IsNoLongerTheOneThatRuns()
    {
        var output = new DibOutput();
        output.PhaseOf("dib-run-parts Running /x/install.d/50-store");
        output.PhaseOf("dib-run-parts 40-other completed");
        Assert.Equal("install.d/50-store", output.Script);

        output.PhaseOf("2026-01-05 10:11:12.345 | dib-run-parts 50-store completed");

        Assert.Null(output.Script);
    }

    [Fact]
    public void Describe_ScriptOfOneElement_NamesIt()
    {
        Put("mine", "store", "install.d/50-store");
        Put("mine", "other", "install.d/60-both");
        Put("vendor", "both", "install.d/60-both");
        var order = new ImageBuildOrder(
            new DiskImageConfig { Name = "debian", DibCommand = ["/nowhere/dib"], Elements = ["both", "vm"] }, ["raw"], "/images/x", "/logs/x", $"{_root}/mine:{_root}/vendor:/nowhere");

        Assert.Equal("element store, install.d/50-store", DibElements.Describe(order, "install.d/50-store"));
        Assert.Equal("element both, install.d/60-both", DibElements.Describe(order, "install.d/60-both"));
        Assert.Equal("install.d/70-none", DibElements.Describe(order, "install.d/70-none"));
    }

    [Fact]
    public void Describe_ElementThatCameWithTheProgram_IsFoundBesideIt()
    {
        Put("lib/python3.11/site-packages/diskimage_builder/elements", "vm", "install.d/50-grub");
        var program = Path.Combine(_root, "bin", "disk-image-create");
        Directory.CreateDirectory(Path.GetDirectoryName(program)!);
        File.WriteAllText(program, "");
        File.SetUnixFileMode(program, UnixFileMode.UserRead | UnixFileMode.UserExecute);
        var order = new ImageBuildOrder(new DiskImageConfig { Name = "debian", DibCommand = [program] }, ["raw"], "/images/x", "/logs/x", null);

        Assert.Equal("element vm, install.d/50-grub", DibElements.Describe(order, "install.d/50-grub"));
    }

    [Fact]
    public void LoopDevices_WithFilesBelowADirectory_AreFoundAlsoWhenTheFileIsDeleted()
    {
        foreach (var (device, file) in ((string, string)[])[("loop0", "/w/a.work/scratch/x.raw"), ("loop1", "/w/a.work/y (deleted)"), ("loop2", "/w/a.works/z")])
        {
            Directory.CreateDirectory(Path.Combine(_root, device, "loop"));
            File.WriteAllText(Path.Combine(_root, device, "loop", "backing_file"), file + "\n");
        }

        Directory.CreateDirectory(Path.Combine(_root, "loop3"));
        Directory.CreateDirectory(Path.Combine(_root, "loop0", "holders"));
        Directory.CreateDirectory(Path.Combine(_root, "loop1", "holders", "dm-0"));

        Assert.Equal(["/dev/loop0", "/dev/loop1"], LoopDevices.Below("/w/a.work", _root).Order());
        Assert.Equal(["/dev/loop1"], LoopDevices.Below("/w/a.work", _root).Where(device => LoopDevices.IsMapped(device, _root)));
    }

    private void Put(string path, string element, string script)
    {
        var file = Path.Combine(_root, path, element, script);
        Directory.CreateDirectory(Path.GetDirectoryName(file)!);
        File.WriteAllText(file, "");
    }
}
