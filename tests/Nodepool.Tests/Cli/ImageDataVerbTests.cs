using System.Text;
using Nodepool.Cli;
using Nodepool.Core.Model;

namespace Nodepool.Tests.Cli;

public sealed class ImageDataVerbTests : IDisposable
{
    private readonly TestCli _cli = new();
    private readonly DirectoryInfo _directory = Directory.CreateTempSubdirectory("nodepool-export-");

    private string Path => System.IO.Path.Combine(_directory.FullName, "images.json");

    public void Dispose()
    {
        _cli.Dispose();
        _directory.Delete(recursive: true);
    }

    [Fact]
    public async Task Export_ThenImport_MovesEverything()
    {
        RichStore.Fill(_cli.Store);
        using var other = new TestCli();

        Assert.Equal(0, await _cli.RunAsync("export-image-data backup.json"));
        other.Files["backup.json"] = _cli.Files["backup.json"];
        Assert.Equal(0, await other.RunAsync("import-image-data backup.json"));
        Assert.Equal(0, await other.RunAsync("export-image-data again.json"));

        Assert.Equal(other.Files["backup.json"], other.Files["again.json"]);
        Assert.Equal("11 records are in backup.json\n", _cli.Out);
    }

    [Fact]
    public async Task Export_OfWhatCannotBeUnderstood_NamesItAndFails()
    {
        _cli.Store.Put(NodepoolPaths.Build("debian-12", "odd"), "{"u8.ToArray());

        Assert.Equal(1, await _cli.RunAsync("export-image-data backup.json"));

        Assert.Equal("nodepool: /nodepool/images/debian-12/builds/odd cannot be understood and is left out\n", _cli.Error);
        Assert.Equal("{}\n", Encoding.UTF8.GetString(_cli.Files["backup.json"]));
    }

    [Fact]
    public async Task Import_OfRubbish_StoresNothing()
    {
        _cli.Files["backup.json"] = "{\"/etc/passwd\":\"\"}"u8.ToArray();

        Assert.Equal(1, await _cli.RunAsync("import-image-data backup.json"));

        Assert.Equal("nodepool: nothing was imported:\n/etc/passwd: this is no pause flag, build or upload below /nodepool/images\n", _cli.Error);
        Assert.Equal(0, _cli.Store.Tree.Position);
    }

    [Fact]
    public void File_New_IsReadableByItsOwnerOnly()
    {
        PrivateFile.Write(Path, "new"u8, overwrite: false, "1");

        Assert.Equal("new", File.ReadAllText(Path));
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(Path));
        Assert.Single(_directory.EnumerateFiles());
    }

    [Fact]
    public void File_InNoDirectory_SaysSo() => Assert.Equal(
        $"there is no directory {_directory.FullName}/none to write x to: make it first",
        Assert.Throws<CliException>(() => PrivateFile.Write(System.IO.Path.Combine(_directory.FullName, "none", "x"), "new"u8, overwrite: false, "1")).Message);

    [Fact]
    public void File_ThatExists_NeedsForce()
    {
        File.WriteAllText(Path, "old");

        var refused = Assert.Throws<CliException>(() => PrivateFile.Write(Path, "new"u8, overwrite: false, "1"));
        Assert.Equal(($"{Path} exists: --force overwrites it", "old"), (refused.Message, File.ReadAllText(Path)));
        PrivateFile.Write(Path, "new"u8, overwrite: true, "1");

        Assert.Equal(("new", UnixFileMode.UserRead | UnixFileMode.UserWrite), (File.ReadAllText(Path), File.GetUnixFileMode(Path)));
        Assert.Single(_directory.EnumerateFiles());
    }
}
