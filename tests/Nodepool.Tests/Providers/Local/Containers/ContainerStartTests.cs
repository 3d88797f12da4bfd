using Nodepool.Core.Providers;
using Nodepool.Providers.Local;
using Nodepool.Providers.Local.Containers;

namespace Nodepool.Tests.Providers.Local.Containers;

public sealed class ContainerStartTests : IDisposable
{
    private readonly string _directory = Directory.CreateTempSubdirectory("nodepool-container-").FullName;

    private MachineSpec Spec => new(Path.Combine(_directory, "i,n:1 $x"), "np1", new LocalImage(Path.Combine(_directory, "image")), [], "127.77.0.9", 2222, 256, 1);

    public void Dispose() => Directory.Delete(_directory, recursive: true);

    [Theory]
    [InlineData(true, "root")]
    [InlineData(false, "user")]
    public void Order_AnyPath_IsArgumentsOnly(bool asRoot, string rights)
    {
        var directory = Spec.Directory;

        var order = ContainerStart.Order(Spec, asRoot, ["/sys/fs/cgroup/a", "/sys/fs/cgroup/b"]);

        Assert.Equal("sh", order.Program);
        Assert.Equal([directory + "/init.sh", "start", directory, "np1", "127.77.0.9", "2222", rights, "/sys/fs/cgroup/a", "/sys/fs/cgroup/b"], order.Arguments);
        Assert.Equal(directory + "/console.log", order.LogPath);
    }

    [Fact]
    public void LayOut_ImageWithoutSshd_IsRejectedWithTheRemedy()
    {
        Directory.CreateDirectory(Spec.Directory);

        var fault = Assert.Throws<ProviderException>(() => ContainerStart.LayOut(Spec));

        Assert.Equal(ProviderFault.Rejected, fault.Fault);
        Assert.Contains("openssh-server", fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void LayOut_UsableImage_WritesTheWholeDirectory()
    {
        Directory.CreateDirectory(Spec.Directory);
        Directory.CreateDirectory(Path.Combine(Spec.Image.Tree, "usr/sbin"));
        File.WriteAllBytes(Path.Combine(Spec.Image.Tree, "usr/sbin/sshd"), []);

        ContainerStart.LayOut(Spec with { Seed = [new SeedFile("etc/hostname", "np1\n"u8.ToArray(), 0x1a4)] });

        var files = new ContainerFiles(Spec.Directory);
        Assert.Equal(Spec.Image.Tree, new DirectoryInfo(files.Lower).LinkTarget);
        Assert.Equal("np1\n", File.ReadAllText(Path.Combine(files.Upper, "etc/hostname")));
        Assert.Equal(ContainerScript.Text, File.ReadAllText(files.Script));
        Assert.All([files.Upper, files.Work, files.Merged], made => Assert.True(Directory.Exists(made)));
    }
}
