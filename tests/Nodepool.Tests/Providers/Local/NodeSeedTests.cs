using System.Text;
using Nodepool.Providers.Local;

namespace Nodepool.Tests.Providers.Local;

public sealed class NodeSeedTests
{
    [Fact]
    public void Seed_OfAVirtualMachine_HasNameKeysAndNetwork()
    {
        var files = Of(LocalKind.Vm);

        Assert.Equal("np0000000001\n", files["etc/hostname"].Text);
        Assert.Equal("00112233445566778899aabbccddeeff\n", files["etc/machine-id"].Text);
        Assert.Equal(("private\n", 0x180), (files["etc/ssh/ssh_host_ed25519_key"].Text, files["etc/ssh/ssh_host_ed25519_key"].File.Mode));
        Assert.Equal("one\ntwo\n", files["etc/ssh/authorized_keys.d/root"].Text);
        Assert.Equal("one\ntwo\n", files["etc/ssh/authorized_keys.d/zuul"].Text);
        Assert.Contains("AuthorizedKeysFile /etc/ssh/authorized_keys.d/%u", files["etc/ssh/sshd_config.d/00-node.conf"].Text, StringComparison.Ordinal);
        Assert.Equal("10.0.2.15/24 10.0.2.2\n", files["etc/node-ip"].Text);
        Assert.Equal("nameserver 10.0.2.3\n", files["etc/resolv.conf"].Text);
        Assert.Equal("/dev/null", files["etc/systemd/system/systemd-networkd.service"].File.LinkTarget);
    }

    [Fact]
    public void Seed_OfAContainer_UsesTheHostsResolver()
    {
        var files = Of(LocalKind.Container);

        Assert.Equal("nameserver 192.0.2.1\n", files["etc/resolv.conf"].Text);
        Assert.DoesNotContain("etc/node-ip", files.Keys);
    }

    private static Dictionary<string, (SeedFile File, string Text)> Of(LocalKind kind) =>
        NodeSeed.Of(InstanceStoreTests.Record("a-1"), kind, ("private\n", "public np1"), ["one", "two", "one"], "nameserver 192.0.2.1\n")
            .ToDictionary(file => file.Path, file => (file, Encoding.UTF8.GetString(file.Content.Span)));
}
