using Nodepool.Core;
using Nodepool.Core.Images;
using Nodepool.Core.Model;
using Nodepool.ImageTools;

namespace Nodepool.Tests.ImageTools;

/// <summary>Finished files on the builder's disk.</summary>
public sealed class DiskBuildFilesTests : IDisposable
{
    private const string Build = "0123456789abcdef0123456789abcdef";

    private readonly DirectoryInfo _directory = Directory.CreateTempSubdirectory("nodepool-files-");
    private readonly DiskBuildFiles _files;

    public DiskBuildFilesTests() => _files = new DiskBuildFiles(_directory.FullName, SystemSources.Create());

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public void Dispose() => _directory.Delete(recursive: true);

    [Fact]
    public async Task Verify_OfWhatWasBuilt_GivesItsChecksums()
    {
        var path = await WriteAsync("raw", "hello");

        var sums = await _files.VerifyAsync(path, Ct);

        Assert.Equal(new ImageChecksums("5d41402abc4b2a76b9719d911017c592", "2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b9824"), sums);
    }

    [Fact]
    public async Task Verify_OfWhatHasChangedSince_Refuses_AlsoAfterItWasGoodBefore()
    {
        var path = await WriteAsync("raw", "hello");
        await _files.VerifyAsync(path, Ct);

        await File.WriteAllTextAsync(path, "hello, world", Ct);

        var refused = await Assert.ThrowsAsync<ImageBuildException>(async () => await _files.VerifyAsync(path, Ct));
        Assert.Contains("has changed since it was built: its md5 sum is", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task RemoveFile_TakesItsChecksumsAlong_AndLeavesTheOthers()
    {
        await WriteAsync("raw", "hello");
        await WriteAsync("qcow2", "hello");

        _files.RemoveFile("debian", Build, "raw");

        Assert.Equal(["qcow2"], _files.Find("debian", Build).Keys);
        Assert.Empty(_directory.EnumerateFiles("*.raw*"));
    }

    [Theory]
    [InlineData("debian-0123456789abcdef0123456789abcdef.qcow2", "debian", Build)]
    [InlineData("debian-12-0123456789abcdef0123456789abcdef.raw.tmp", "debian-12", Build)]
    [InlineData("debian-0123456789abcdef0123456789abcdef.d", "debian", Build)]
    [InlineData("debian-0000000042.qcow2", "debian", "0000000042")]
    [InlineData("debian-1448000000.qcow2", null, null)]
    [InlineData("notes.txt", null, null)]
    public void List_KnowsTheFilesOfBuilds_AndNothingElse(string file, string? image, string? build)
    {
        File.WriteAllText(Path.Combine(_directory.FullName, file), "");

        Assert.Equal(image is null ? [] : [(image, build!)], _files.List().Select(trace => (trace.Image, trace.Build)));
    }

    [Fact]
    public async Task Remove_OfAllButSomeFormats_LeavesTheirFiles_AndWhatTheToolPutBeside()
    {
        await WriteAsync("qcow2", "kept");
        await WriteAsync("vhd", "complete, but in no record");
        await _files.Kept.KeepAsync("debian", Build, new ImageBuildRecord { State = ImageState.Ready, StateTime = 5 }, Ct);
        var output = _files.OutputPath("debian", Build);
        foreach (var ending in (string[])["raw", "build.new", "vmlinuz"])
        {
            await File.WriteAllTextAsync($"{output}.{ending}", "half", Ct);
        }

        Directory.CreateDirectory(output + ".d");
        Directory.CreateDirectory(output + ".work/tmp");
        Assert.Equal(new BuildTrace("debian", Build, ["qcow2", "raw", "vhd"], HasRemains: true), Assert.Single(_files.List()));

        await _files.RemoveAsync("debian", Build, ["qcow2"], Ct);

        Assert.Equal(new BuildTrace("debian", Build, ["qcow2"], HasRemains: false), Assert.Single(_files.List()));
        Assert.Equal(
            ["build", "d", "qcow2", "qcow2.md5", "qcow2.sha256", "vmlinuz"],
            Directory.EnumerateFileSystemEntries(_directory.FullName, "debian-*").Select(path => path[(output.Length + 1)..]).Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Opening_OfWhatCannotBeADirectory_SaysWhatToDo()
    {
        var file = Path.Combine(_directory.FullName, "notes.txt");
        File.WriteAllText(file, "");

        var refused = Assert.Throws<IOException>(() => new DiskBuildFiles(Path.Combine(file, "images"), SystemSources.Create()));

        Assert.StartsWith($"images-dir {file}/images cannot be used: ", refused.Message, StringComparison.Ordinal);
        Assert.EndsWith("; make it writable, or name another directory in the configuration", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Opening_RemovesIdsThatWereNeverFinished_ButNotThoseBeingMade()
    {
        var (old, young) = (Path.Combine(_directory.FullName, "builder_id.txt.0123"), Path.Combine(_directory.FullName, "builder_id.txt.4567"));
        File.WriteAllText(old, "0123\n");
        File.SetLastWriteTimeUtc(old, DateTime.UnixEpoch);
        File.WriteAllText(young, "4567\n");

        Assert.Equal(_files.BuilderId, new DiskBuildFiles(_directory.FullName, SystemSources.Create()).BuilderId);

        Assert.Equal((false, true), (File.Exists(old), File.Exists(young)));
    }

    private async Task<string> WriteAsync(string format, string content)
    {
        var path = $"{_files.OutputPath("debian", Build)}.{format}";
        await File.WriteAllTextAsync(path, content, Ct);
        await Checksums.WriteAsync(path, Ct);
        return path;
    }
}
