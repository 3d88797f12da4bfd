using Nodepool.Core;
using Nodepool.Core.Config;

namespace Nodepool.Tests.Providers.Static;

public sealed class StaticSectionTests : IAsyncDisposable
{
    private readonly StaticWorld _world = new();

    public ValueTask DisposeAsync() => _world.DisposeAsync();

    [Fact]
    public void ReadConfig_OfAllKeys_IsUnderstood()
    {
        var (config, problems) = _world.Read(
            $"""
            name: p
            driver: static
            priority: 7
            pools:
              - name: main
                max-servers: 5
                node-attributes: {"{executor-zone: z}"}
                nodes:
                  - name: h1
                    labels: [a, b]
                    username: u
                    timeout: 13
                    host-key:
                      - {StaticWorld.Key} root@h1
                    host-key-checking: false
                    connection-type: network_cli
                    connection-port: 2222
                    max-parallel-jobs: 3
                    python-path: /usr/bin/python3
                    shell-type: sh
                  - name: h2
                    labels: b c
                    ssh-port: 22022
            """);

        Assert.Equal("the old spelling of 'connection-port'; write that", Assert.Single(problems).Message);
        var pool = Assert.Single(config.Pools);
        Assert.Equal(7, pool.Priority);
        Assert.Equal(5, pool.Limits.Amounts[Quota.Instances]);
        Assert.Equal(["a", "b", "c"], pool.Labels.Select(label => label.Name));
        Assert.DoesNotContain(pool.Labels, label => label.HostKeyChecking);
        Assert.True(pool.IsStanding);
        Assert.Equal(
            [
                new MachineConfig
                {
                    Name = "h1",
                    Labels = ["a", "b"],
                    Username = "u",
                    Timeout = TimeSpan.FromSeconds(13),
                    HostKeys = [StaticWorld.Key],
                    HostKeyChecking = false,
                    ConnectionType = "network_cli",
                    ConnectionPort = 2222,
                    Slots = 3,
                    PythonPath = "/usr/bin/python3",
                    ShellType = "sh",
                },
                new MachineConfig { Name = "h2", Labels = ["b", "c"], ConnectionPort = 22022 },
            ],
            pool.Machines);
    }

    [Theory]
    [InlineData("name: 203.0.113.9", "nome: 203.0.113.9", "'name' is missing")]
    [InlineData("labels: debian,", "", "'labels' must name at least one label")]
    [InlineData("name: 203.0.113.9", "name: big.example, username: root", "root@big.example:22 is listed twice")]
    [InlineData("labels: debian, host-key: ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIAE=", "labels: debian, host-key: AAAA", "a host key is 'TYPE BASE64'")]
    [InlineData("labels: debian, host-key: ssh-ed25519", "labels: debian, host-key: ssh-dss", "keys of type ssh-dss are not read")]
    [InlineData("labels: debian, host-key: ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIAE=", "labels: debian, host-key: ssh-rsa FAKEKEY", "no host shows this one")]
    [InlineData("max-parallel-jobs: 2", "max-parallel-jobs: 0", "a whole number")]
    public void ReadConfig_OfAMistake_NamesItAndTheRemedy(string good, string bad, string message) =>
        Assert.Contains(
            _world.Read(StaticWorld.Section.Replace(good, bad, StringComparison.Ordinal)).Problems,
            problem => problem.Message.Contains(message, StringComparison.Ordinal));

    [Fact]
    public void ReadConfig_WithoutHosts_IsAnError() =>
        Assert.Contains("at least one host", Assert.Single(_world.Read("name: p\npools: [{name: main}]").Problems).Message, StringComparison.Ordinal);
}
