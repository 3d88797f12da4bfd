using System.Text;
using Nodepool.Core;
using Nodepool.Core.Config;

namespace Nodepool.Tests.Config;

public sealed class NodepoolConfigReaderTests
{
    [Fact]
    public void Read_OneHostSample_GivesTheWholeModel()
    {
        var result = ConfigSamples.Read(ConfigSamples.OneHost);

        Assert.Empty(result.Problems);
        var config = result.Config!;
        Assert.Equal("/etc/nodepool", config.StateDir);
        Assert.Equal("/etc/nodepool/images", config.ImagesDir);
        Assert.Equal("/etc/nodepool/log/builds", config.BuildLogDir);
        Assert.Equal([new LabelConfig { Name = "debian-vm", MinReady = 1 }, new LabelConfig { Name = "debian-container", MinReady = 1 }], config.Labels);
        Assert.Equal(new DiskImageConfig { Name = "debian", Tool = "mmdebstrap", Release = "bookworm" }, Assert.Single(config.DiskImages));
        var provider = Assert.Single(config.Providers);
        Assert.Equal(("this-host", "local", "debian"), (provider.Name, provider.Driver, Assert.Single(provider.DiskImages).Name));
        var pool = Assert.Single(provider.Pools);
        Assert.Equal(Quota.Of((Quota.Instances, 4), (Quota.Ram, 2048)), pool.Limits);
        Assert.Equal(new SampleDriver.SampleOptions("container", 256, 1), pool.FindLabel("debian-container")!.Options);
        Assert.Equal("debian", pool.FindLabel("debian-vm")!.DiskImage);
    }

    [Fact]
    public void Read_GrownSample_MergesAnchorsAndParents()
    {
        var result = ConfigSamples.Read(ConfigSamples.Grown);

        var config = result.Config!;
        Assert.Equal(TimeSpan.FromDays(1), config.MaxHoldAge);
        Assert.Equal(new WebappConfig { Port = 8006, ListenAddress = "0.0.0.0" }, config.Webapp);
        Assert.Equal(new LabelConfig { Name = "large", MaxReadyAge = TimeSpan.FromHours(1) }, config.Labels[1]);
        var jammy = config.FindDiskImage("jammy")!;
        Assert.Equal(["vm", "simple-init", "ubuntu-minimal"], jammy.Elements);
        Assert.Equal("/srv/other", jammy.EnvVars["TMPDIR"]);
        Assert.Equal("1", jammy.EnvVars["DIB_SHOW_IMAGE_USAGE"]);
        Assert.Equal("22.04", jammy.Release);
        Assert.Equal(TimeSpan.FromHours(1), jammy.RebuildAge);
        Assert.Equal("linux", jammy.Metadata["os"]);
        Assert.True(jammy.Pause);
        Assert.False(jammy.IsAbstract);
        var here = Assert.Single(config.Providers);
        Assert.Equal(TimeSpan.FromMinutes(10), here.LaunchTimeout);
        Assert.Equal(Quota.Of((Quota.Instances, 16)), here.Pools[0].Limits);
    }

    [Fact]
    public void Read_ProviderOfUnknownDriver_IsLeftOutWithOneWarning()
    {
        var result = ConfigSamples.Read(ConfigSamples.Grown);

        var problem = Assert.Single(result.Problems);
        Assert.False(problem.IsError);
        Assert.Equal("providers[1].driver", problem.KeyPath);
        Assert.Contains("'openstack' (the default)", problem.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Read_NameBeginningWithFake_KeepsItsDriver()
    {
        var result = ConfigSamples.Read("providers: [{name: fake-cloud, driver: local}]");

        Assert.Equal("local", Assert.Single(result.Config!.Providers).Driver);
    }

    [Fact]
    public void Read_SameTextTwice_GivesEqualConfigs()
    {
        Assert.Equal(ConfigSamples.Read(ConfigSamples.Grown).Config, ConfigSamples.Read(ConfigSamples.Grown).Config);
        Assert.NotEqual(ConfigSamples.Read(ConfigSamples.Grown).Config, ConfigSamples.Read(ConfigSamples.Grown.Replace("8006", "8007", StringComparison.Ordinal)).Config);
    }

    [Fact]
    public void Read_Nothing_UsesDocumentedDefaults()
    {
        var config = ConfigSamples.Read("{}").Config!;

        Assert.Equal(new NodepoolConfig(), config);
        Assert.Equal("127.0.0.1", config.Webapp.ListenAddress);
        Assert.Null(config.ImagesDir);
    }

    [Theory]
    [InlineData("max-concurrency: 0", -1)]
    [InlineData("max-concurrency: 5", 5)]
    [InlineData("{}", -1)]
    public void Read_MaxConcurrency_ZeroIsNoLimitAsDocumented(string line, int expected)
    {
        var more = line == "{}" ? "" : ", " + line;

        Assert.Equal(expected, ConfigSamples.Read($"providers: [{{name: a, driver: fake{more}}}]").Config!.Providers[0].MaxConcurrency);
    }

    [Fact]
    public void Read_ChildTurnsPauseOff_Wins()
    {
        var config = ConfigSamples.Read("diskimages: [{name: b, parent: a, pause: off, formats: [raw]}, {name: a, pause: on, formats: [qcow2]}]").Config!;

        Assert.False(config.FindDiskImage("b")!.Pause);
        Assert.Equal(["raw"], config.FindDiskImage("b")!.Formats);
        Assert.True(config.FindDiskImage("a")!.Pause);
    }

    [Fact]
    public void Read_DibCommand_IsSplitLikeAShellDoes()
    {
        var config = ConfigSamples.Read("diskimages: [{name: a, formats: [raw], dib-cmd: 'disk-image-create -x --opt=\"two words\" a\\ b'}]").Config!;

        Assert.Equal(["disk-image-create", "-x", "--opt=two words", "a b"], config.DiskImages[0].DibCommand);
    }

    [Fact]
    public void Read_ElementsDirWithSeveralPaths_MakesEachAbsolute()
    {
        var config = ConfigSamples.Read("elements-dir: elements:/usr/share/elements:../more").Config!;

        Assert.Equal("/etc/nodepool/elements:/usr/share/elements:/etc/more", config.ElementsDir);
    }

    [Fact]
    public void Read_Environment_IsPutInBeforeParsing()
    {
        var reader = ConfigSamples.Reader(name => name == "NODEPOOL_PORT" ? "8100" : null);

        var result = reader.Read("np.yaml", "/", "webapp: {port: %(NODEPOOL_PORT)}\nimages-dir: '%(OTHER)/%(NODEPOOL_GONE)'\n");

        Assert.Equal(8100, result.Config!.Webapp.Port);
        Assert.Equal("/%(OTHER)/%(NODEPOOL_GONE)", result.Config.ImagesDir);
        Assert.Contains("no variable 'NODEPOOL_GONE'", Assert.Single(result.Problems).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Read_EnvironmentValueWithWrongType_IsNotShownAndPlaceIsTheFiles()
    {
        var reader = ConfigSamples.Reader(_ => "hunter2-hunter2-hunter2");

        var result = reader.Read("np.yaml", "/", "images-dir: %(NODEPOOL_A)\nwebapp: {listen_address: 127.0.0.1, port: %(NODEPOOL_A)}\n");

        Assert.Equal(
            "np.yaml:2:43: error: webapp.port: a whole number from 0 to 65535 expected, found another value, set by the environment",
            Assert.Single(result.Problems).ToString());
    }

    [Fact]
    public void Read_Utf16WithMarkAndUtf8WithMark_AreUnderstood()
    {
        var reader = ConfigSamples.Reader();
        var text = "\uFEFFlabels: [{name: größe}]\n";

        foreach (var bytes in new[] { Encoding.Unicode.GetBytes(text), Encoding.BigEndianUnicode.GetBytes(text), Encoding.UTF8.GetBytes(text) })
        {
            Assert.Equal("größe", reader.Read("np.yaml", "/", bytes).Config!.Labels[0].Name);
        }
    }

    [Fact]
    public void Read_BytesThatAreNoText_PointAtTheFirstWrongByte()
    {
        var bytes = Encoding.Latin1.GetBytes("labels:\n  - name: gr\u00f6\u00dfe\n");

        var problem = Assert.Single(ConfigSamples.Reader().Read("np.yaml", "/", bytes).Problems);

        Assert.Equal("np.yaml:2:13: error: the byte 0xF6 is not UTF-8; save the file as UTF-8 text", problem.ToString());
    }

    [Fact]
    public void Read_SampleOfEveryDriver_IsAccepted()
    {
        var result = ConfigSamples.RealDrivers.Read("np.yaml", "/etc/nodepool", ConfigSamples.EveryDriver);

        Assert.Equal(
            ["providers[3].driver"], result.Problems.Select(problem => problem.KeyPath));
        Assert.All(result.Problems, problem => Assert.Matches("is not in this version yet; its keys were checked", problem.Message));
        Assert.Equal(["acme"], result.Config!.UnservedProviders.Select(provider => provider.Name));
        Assert.Equal(["vm", "box", "metal", "small", "small", "tiny"], result.Config!.Providers.SelectMany(provider => provider.Pools[0].Labels).Select(label => label.Name));
    }

    [Fact]
    public void Read_LabelOfAStaticHostThatDoesNotExist_IsLocatedAtTheHost()
    {
        var result = ConfigSamples.RealDrivers.Read(
            "np.yaml", "/", "labels: [{name: metal}]\nproviders:\n- name: s\n  driver: static\n  pools: [{name: p, nodes: [{name: h, labels: metla}]}]\n");

        Assert.Equal(
            "np.yaml:5:47: error: providers[0].pools[0].labels: no label 'metla' under 'labels' at top level (did you mean 'metal'?); add it there",
            Assert.Single(result.Problems, problem => problem.IsError).ToString());
    }
}
