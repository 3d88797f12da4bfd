using Nodepool.Core;
using Nodepool.Core.Config;

namespace Nodepool.Tests.Config;

/// <summary>ZooKeeper, tenants, labels and image files at top level.</summary>
public sealed class TopLevelTests
{
    [Theory]
    [InlineData("zookeeper-servers: [{host: zk1}, {host: zk2, port: 2888}]", "zk1:2181,zk2:2888")]
    [InlineData("zookeeper-servers: [{host: zk1}]\nzookeeper-tls: {cert: c, key: k, ca: a}", "zk1:2281")]
    [InlineData("zookeeper-servers: [{host: '2001:db8::1'}, {host: '[2001:db8::2]', port: 7}]", "[2001:db8::1]:2181,[2001:db8::2]:7")]
    [InlineData("zookeeper-servers: [{host: zk1, chroot: /ci/}, {host: zk2, chroot: ci}]", "zk1:2181,zk2:2181/ci")]
    [InlineData("zookeeper-servers: [{host: zk1}, {host: zk2, chroot: /a/b}]", "zk1:2181,zk2:2181/a/b")]
    [InlineData("zookeeper-servers: [{host: zk1, chroot: /}]", "zk1:2181")]
    [InlineData("zookeeper-servers: []", "")]
    public void Read_ZooKeeperServers_GiveOneConnectString(string text, string expected) =>
        Assert.Equal(expected, ConfigSamples.Read(text).Config!.ZooKeeper.ConnectString);

    [Fact]
    public void Read_ZooKeeperTls_HasAbsolutePaths()
    {
        var config = ConfigSamples.Read("zookeeper-tls: {cert: tls/cert.pem, key: /keys/key.pem, ca: ca.pem}\nzookeeper-timeout: 2.5").Config!;

        Assert.Equal(new ZooKeeperTls("/etc/nodepool/tls/cert.pem", "/keys/key.pem", "/etc/nodepool/ca.pem"), config.ZooKeeper.Tls);
        Assert.Equal(TimeSpan.FromSeconds(2.5), config.ZooKeeper.SessionTimeout);
        Assert.Equal(TimeSpan.FromSeconds(10), new NodepoolConfig().ZooKeeper.SessionTimeout);
    }

    [Theory]
    [InlineData("{port: 1}", "1:21: error: zookeeper-servers[0].host: 'host' is missing")]
    [InlineData("{host: 'zk1:2181'}", "1:28: error: zookeeper-servers[0].host: a host name or an IP address without port expected, found 'zk1:2181'")]
    [InlineData("{host: a, port: 0}", "1:37: error: zookeeper-servers[0].port: a whole number from 1 to 65535 expected, found '0'")]
    [InlineData("{host: a, chroot: //b//c}", "1:39: error: zookeeper-servers[0].chroot: a path such as /nodepool expected, found '//b//c'")]
    [InlineData("{host: a, chroot: /b}, {host: b, chroot: /c}", "1:62: error: zookeeper-servers[1].chroot: differs from the one above; all servers hold the same tree, so give it once or the same everywhere")]
    [InlineData("{hots: a, host: b}", "1:22: error: zookeeper-servers[0].hots: unknown key 'hots' (did you mean 'host'?)")]
    public void Read_WrongZooKeeperServer_SaysWhereAndWhat(string server, string expected) =>
        Assert.Equal(expected, Assert.Single(ConfigSamples.Problems($"zookeeper-servers: [{server}]"), problem => problem.Contains("error", StringComparison.Ordinal)));

    [Fact]
    public void ReadSecure_ZooKeeper_ReplacesServersAndSetsThePort()
    {
        var reader = ConfigSamples.Reader();
        var secure = reader.ReadSecure("secure.yaml", "/keys", "zookeeper-servers: [{host: zk9}]\nzookeeper-tls: {cert: c, key: k, ca: a}"u8);

        var config = reader.Read("np.yaml", "/", "zookeeper-servers: [{host: zk1, chroot: /x}]\nzookeeper-timeout: 3"u8, secure).Config!;

        Assert.Equal("zk9:2281", config.ZooKeeper.ConnectString);
        Assert.Equal(new ZooKeeperTls("/keys/c", "/keys/k", "/keys/a"), config.ZooKeeper.Tls);
        Assert.Equal(TimeSpan.FromSeconds(3), config.ZooKeeper.SessionTimeout);
    }

    [Fact]
    public void Read_TenantLimits_TakeOtherKeysAsResources()
    {
        var config = ConfigSamples.Read(
            """
            tenant-resource-limits:
              - {tenant-name: a, max-servers: 5, max-cores: 40, max-ram: 81920, max-volumes: 2, max-volume-gb: 100, L-1216C47A: 8}
              - {tenant-name: b}
            """).Config!;

        Assert.Equal(
            [
                new("a", Quota.Of(
                    (Quota.Instances, 5), (Quota.Cores, 40), (Quota.Ram, 81920), (Quota.Volumes, 2), (Quota.VolumeGb, 100), ("L-1216C47A", 8))),
                new TenantLimit("b", Quota.Unlimited),
            ],
            config.TenantLimits);
    }

    [Theory]
    [InlineData("{max-servers: 5}", "1:26: error: tenant-resource-limits[0].tenant-name: 'tenant-name' is missing")]
    [InlineData("{tenant-name: a, max-server: 5}", "1:55: warning: tenant-resource-limits[0].max-server: taken as the name of a resource (did you mean 'max-servers'?)")]
    [InlineData("{tenant-name: a, L-1: many}", "1:48: error: tenant-resource-limits[0].L-1: a whole number of at least 0 expected, found 'many'")]
    [InlineData("{tenant-name: a}, {tenant-name: a}", "1:58: warning: tenant-resource-limits[1].tenant-name: 'a' was given before, on line 1; the later one, here, counts")]
    public void Read_DoubtfulTenantLimit_SaysWhereAndWhat(string limit, string expected) =>
        Assert.Contains(expected, ConfigSamples.Problems($"tenant-resource-limits: [{limit}]"));

    [Fact]
    public void Read_NegativeMinReady_DisablesTheLabelEverywhere()
    {
        var result = ConfigSamples.Read(
            "labels: [{name: l, min-ready: -1}, {name: m}]\nproviders: [{name: p, driver: fake, pools: [{name: main, labels: [{name: l}, {name: m}]}]}]");

        Assert.Empty(result.Problems);
        Assert.Equal(new LabelConfig { Name = "l", IsDisabled = true }, result.Config!.FindLabel("l"));
        Assert.Equal(["m"], result.Config.Providers[0].Pools[0].Labels.Select(label => label.Name));
    }

    [Fact]
    public void Read_LabelTwice_TakesTheLast()
    {
        var config = ConfigSamples.Read("labels: [{name: l, min-ready: 1}, {name: l, max-ready-age: 60}]").Config!;

        Assert.Equal([new LabelConfig { Name = "l", MaxReadyAge = TimeSpan.FromMinutes(1) }], config.Labels);
    }

    [Fact]
    public void Read_FilesAfterUpload_AreInheritedAndOverridden()
    {
        var config = ConfigSamples.Read(
            """
            diskimages:
              - {name: a, formats: [raw], delete-after-upload: yes, keep-formats: [qcow2]}
              - {name: b, parent: a}
              - {name: c, parent: a, delete-after-upload: no, keep-formats: [raw]}
            """).Config!;

        Assert.Equal(
            [("a", true, "qcow2"), ("b", true, "qcow2"), ("c", false, "raw")],
            config.DiskImages.Select(image => (image.Name, image.DeleteAfterUpload, Assert.Single(image.KeepFormats))));
    }
}
