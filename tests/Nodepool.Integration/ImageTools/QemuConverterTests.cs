using Nodepool.Core.Config;
using Nodepool.Core.Images;
using Nodepool.ImageTools;
using Nodepool.Integration.Processes;
using Nodepool.Providers.Processes;

namespace Nodepool.Integration.ImageTools;

/// <summary>Conversion of real disks with the real program.</summary>
public sealed class QemuConverterTests : IDisposable
{
    private readonly ScratchDirectory _scratch = new();
    private readonly QemuConverter _converter = new(TimeProvider.System);

    public void Dispose() => _scratch.Dispose();

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Convert_ARawDisk_GivesWholeFilesWithTheSameContentAndChecksums()
    {
        if (Programs.Find("qemu-img") is null)
            Assert.Skip("qemu-img is not installed.");
        var source = await SourceAsync();
        var order = Order("qcow2", "vhd", "vmdk");

        await _converter.ConvertAsync(source, order, new PhaseLog(), Ct);

        foreach (var (format, name) in ((string, string)[])[("qcow2", "qcow2"), ("vhd", "vpc"), ("vmdk", "vmdk")])
        {
            var file = $"{order.OutputPath}.{format}";
            Assert.True(File.Exists(file + ".sha256") && File.Exists(file + ".md5"), format);
            var compared = await ChildProcess.RunAsync(
                new ProcessOrder { Program = "qemu-img", Arguments = ["compare", "-f", "raw", "-F", name, source, file], CaptureOutput = true }, TimeProvider.System, Ct);
            Assert.True(compared.ExitCode == 0, $"{format}: {compared.Output}");
        }

        Assert.False(Directory.Exists(order.OutputPath + ".work"));
        Assert.Contains("Exit code: 0", await File.ReadAllTextAsync(order.LogPath, Ct), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Convert_AFileThatIsNone_LeavesNothingOfIt()
    {
        if (Programs.Find("qemu-img") is null)
            Assert.Skip("qemu-img is not installed.");
        var order = Order("raw");
        var source = order.OutputPath + ".qcow2";
        await File.WriteAllTextAsync(source, "no disk", Ct);

        var fault = await Assert.ThrowsAsync<ImageBuildException>(() => _converter.ConvertAsync(source, order, new PhaseLog(), Ct));

        Assert.StartsWith("qemu-img failed with exit status 1: ", fault.Message, StringComparison.Ordinal);
        Assert.Equal([source], Directory.EnumerateFileSystemEntries(_scratch.File("images")));
    }

    [Theory]
    [InlineData("raw", "qcow2", true)]
    [InlineData("qcow2", "vhd", true)]
    [InlineData("raw", "raw", false)]
    [InlineData("raw", "tar", false)]
    [InlineData("squashfs", "raw", false)]
    public void CanConvert_OnlyDisks(string from, string to, bool can) => Assert.Equal(can, _converter.CanConvert(from, to));

    private async Task<string> SourceAsync()
    {
        Directory.CreateDirectory(_scratch.File("images"));
        var path = _scratch.File("images/debian-1.raw");
        await using var file = new FileStream(path, FileMode.CreateNew);
        file.SetLength(8 << 20);
        file.Position = 3 << 20;
        await file.WriteAsync("in the middle of it"u8.ToArray(), Ct);
        return path;
    }

    private ImageBuildOrder Order(params string[] formats)
    {
        Directory.CreateDirectory(_scratch.File("images"));
        return new ImageBuildOrder(new DiskImageConfig { Name = "debian" }, [.. formats], _scratch.File("images/debian-1"), _scratch.File("debian-1.log"), null);
    }
}
