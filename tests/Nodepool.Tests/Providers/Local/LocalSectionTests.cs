using Nodepool.Core.Config;
using Nodepool.Core.Config.Reading;
using Nodepool.Providers.Local;

namespace Nodepool.Tests.Providers.Local;

public sealed class LocalSectionTests
{
    private const string Key = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIOJ8e1Xh0D+v7U4Y2fEN3dlJ4X3ysGLy0+xq63po9VGN somebody@somewhere";

    [Fact]
    public void ReadConfig_OfAllKeys_IsUnderstood()
    {
        var (config, problems) = Read(
            $"""
            name: here
            driver: local
            address-base: 127.90.0.0/24
            authorized-keys: {Key}
            boot-timeout: 7
            launch-timeout: 8
            pools:
              - name: main
                max-servers: 4
                labels:
                  - name: a
                    diskimage: debian
                    kind: vm
                    memory: 512
                    vcpus: 2
                    authorized-keys: [{Key}]
                  - name: b
                    diskimage: debian
                    kind: container
            """);

        Assert.Empty(problems);
        Assert.Equal(["qcow2", "tar"], config.ImageFormats);
        Assert.Equal(new LocalOptions(new AddressBlock(0x7f5a0000, 24), [Key]), config.Options);
        Assert.Equal((7, 8), (config.BootTimeout.TotalSeconds, config.LaunchTimeout.TotalSeconds));
        Assert.Equal(new LocalLabelOptions(LocalKind.Vm, 512, 2, [Key]), config.Pools[0].Labels[0].Options);
        Assert.Equal(new LocalLabelOptions(LocalKind.Container, 256, 1, []), config.Pools[0].Labels[1].Options);
    }

    [Fact]
    public void ReadConfig_WithoutTimes_WaitsForEmulatedMachines()
    {
        var (config, _) = Read("name: here\ndriver: local");

        Assert.Equal((300, 600), (config.BootTimeout.TotalSeconds, config.LaunchTimeout.TotalSeconds));
        Assert.Equal(new LocalOptions(AddressBlock.Default, []), config.Options);
    }

    [Theory]
    [InlineData("diskimage: d, kind: containr", "kind", "did you mean 'container'?")]
    [InlineData("diskimage: d", "kind", "")]
    [InlineData("kind: vm", "diskimage", "")]
    [InlineData("kind: vm, cloud-image: c", "cloud-image", "use 'diskimage'")]
    [InlineData("diskimage: d, kind: vm, memory: 16", "memory", "32")]
    [InlineData("diskimage: d, kind: vm, vcpus: 0", "vcpus", "1")]
    [InlineData("diskimage: d, kind: vm, authorized-keys: nonsense", "authorized-keys", "id_….pub")]
    [InlineData("diskimage: d, kind: vm, authorized-keys: ssh-rsa AAAA", "authorized-keys", "no public ssh key")]
    [InlineData("diskimage: d, kind: vm, memry: 300", "memry", "memory")]
    public void ReadConfig_OfAWrongLabel_SaysWhereAndWhat(string keys, string key, string words)
    {
        var (_, problems) = Read($"{{name: here, driver: local, pools: [{{name: main, labels: [{{name: a, {keys}}}]}}]}}");

        var problem = Assert.Single(problems);
        Assert.Contains(key, problem.ToString(), StringComparison.Ordinal);
        Assert.Contains(words, problem.ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("10.0.0.0/16")]
    [InlineData("127.0.0.0/7")]
    [InlineData("127.0.0.0/31")]
    [InlineData("nonsense")]
    public void ReadConfig_OfAWrongAddressBase_ShowsARightOne(string block)
    {
        var (_, problems) = Read($"{{name: here, driver: local, address-base: {block}}}");

        Assert.Contains("127.77.0.0/16", Assert.Single(problems).ToString(), StringComparison.Ordinal);
    }

    private static (ProviderConfig Config, IReadOnlyList<ConfigProblem> Problems) Read(string text)
    {
        var document = ConfigDocument.Parse("test.yaml", text);
        var config = new LocalDriver().ReadConfig(document.Root!);
        document.ReportUnknownKeys();
        return (config, [.. document.Problems]);
    }
}
