using Nodepool.Core.Providers;
using Nodepool.Providers.Local;
using Nodepool.Providers.Local.Containers;

namespace Nodepool.Tests.Providers.Local.Containers;

public sealed class SeedLayerTests : IDisposable
{
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;

    private readonly string _tree = Directory.CreateTempSubdirectory("nodepool-tree-").FullName;
    private readonly string _upper = Directory.CreateTempSubdirectory("nodepool-upper-").FullName;

    public void Dispose()
    {
        Directory.Delete(_tree, recursive: true);
        Directory.Delete(_upper, recursive: true);
    }

    [Theory]
    [InlineData(0x180)]
    [InlineData(0x1a4)]
    [InlineData(0x1ff)]
    public void Write_Mode_IsExact(int mode)
    {
        Write(new SeedFile("etc/file", "x"u8.ToArray(), mode));

        Assert.Equal((UnixFileMode)mode, File.GetUnixFileMode(Path.Combine(_upper, "etc/file")));
    }

    [Fact]
    public void Write_DirectoryOfTheImage_KeepsItsMode()
    {
        Directory.CreateDirectory(Path.Combine(_tree, "root"));
        File.SetUnixFileMode(Path.Combine(_tree, "root"), OwnerOnly);

        Write(new SeedFile("root/.ssh/config", "x"u8.ToArray(), 0x1a4));

        Assert.Equal(OwnerOnly, File.GetUnixFileMode(Path.Combine(_upper, "root")));
        Assert.NotEqual(OwnerOnly, File.GetUnixFileMode(Path.Combine(_upper, "root/.ssh")));
    }

    [Fact]
    public void Write_Link_IsALinkAndMayBeReplaced()
    {
        Write(new SeedFile("etc/unit", default, 0, "/dev/null"), new SeedFile("etc/unit", default, 0, "/nowhere"));

        Assert.Equal("/nowhere", new FileInfo(Path.Combine(_upper, "etc/unit")).LinkTarget);
    }

    [Fact]
    public void Write_BehindALinkOfTheImage_IsRejected()
    {
        Directory.CreateSymbolicLink(Path.Combine(_tree, "lib"), "usr/lib");

        var fault = Assert.Throws<ProviderException>(() => Write(new SeedFile("lib/systemd/x", default, 0x1a4)));

        Assert.Contains("lib -> usr/lib", fault.Message, StringComparison.Ordinal);
        Assert.False(Directory.Exists(Path.Combine(_upper, "lib")));
    }

    [Theory]
    [InlineData("/etc/x")]
    [InlineData("../x")]
    [InlineData("etc/../../x")]
    [InlineData("etc//x")]
    [InlineData("")]
    public void Write_PathThatIsNotBelowTheRoot_IsRejected(string path) =>
        Assert.Equal(ProviderFault.Rejected, Assert.Throws<ProviderException>(() => Write(new SeedFile(path, default, 0x1a4))).Fault);

    private void Write(params SeedFile[] files) => SeedLayer.Write(files, _tree, _upper);
}
