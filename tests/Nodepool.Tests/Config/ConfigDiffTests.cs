using Nodepool.Core.Config.Following;
using Nodepool.Core.View;

namespace Nodepool.Tests.Config;

public sealed class ConfigDiffTests
{
    [Fact]
    public void Between_SameFileReadTwice_IsEmpty()
    {
        var diff = Diff(ConfigSamples.Grown, ConfigSamples.Grown);

        Assert.True(diff.IsEmpty);
        Assert.Equal("", diff.ToString());
    }

    [Fact]
    public void Between_LabelOfAPoolChanged_TouchesOnlyThatPool()
    {
        var diff = Diff(ConfigSamples.OneHost, ConfigSamples.OneHost.Replace("memory: 384", "memory: 512", StringComparison.Ordinal));

        Assert.Equal([new PoolKey("this-host", "main")], diff.Pools.Changed);
        Assert.Equal("pools ~this-host/main", diff.ToString());
    }

    [Fact]
    public void Between_ProviderKeyChanged_TouchesTheProviderAndNotItsPools()
    {
        var diff = Diff(ConfigSamples.OneHost, ConfigSamples.OneHost.Replace("driver: local", "driver: local\n    boot-timeout: 5", StringComparison.Ordinal));

        Assert.Equal("providers ~this-host", diff.ToString());
    }

    [Fact]
    public void Between_ElementsComeAndGo_NamesThem()
    {
        var after = ConfigSamples.OneHost
            .Replace("name: debian-vm", "name: debian-kvm", StringComparison.Ordinal)
            .Replace("name: main", "name: other", StringComparison.Ordinal)
            .Replace("release: bookworm", "release: trixie", StringComparison.Ordinal)
            .Replace("images-dir: images", "images-dir: elsewhere", StringComparison.Ordinal);

        var diff = Diff(ConfigSamples.OneHost, after);

        Assert.Equal(
            "labels +debian-kvm -debian-vm; diskimages ~debian; pools +this-host/other -this-host/main; settings ~", diff.ToString());
    }

    [Fact]
    public void Between_ProviderRemoved_RemovesItsPoolsToo()
    {
        var before = ConfigSamples.Read(ConfigSamples.OneHost).Config!;

        var diff = ConfigDiff.Between(before, before with { Providers = [] });

        Assert.Equal("providers -this-host; pools -this-host/main", diff.ToString());
    }

    private static ConfigDiff Diff(string before, string after) =>
        ConfigDiff.Between(ConfigSamples.Read(before).Config!, ConfigSamples.Read(after).Config!);
}
