using Nodepool.Core;
using Nodepool.Core.Config;
using Nodepool.Core.Config.Reading;

namespace Nodepool.Tests.Config;

/// <summary>What the provider sections of clouds share.</summary>
public sealed class CloudSectionTests
{
    [Fact]
    public void Images_AllKeys_SayHowToLogIn()
    {
        var (root, problems) = Parse(
            """
            diskimages:
              - {name: d, pause: true, meta: {a: b}, username: u, connection-type: winrm, python-path: /p, shell-type: cmd}
              - {name: e}
            cloud-images:
              - {name: c, username: admin, connection-type: network_cli, connection-port: 2222}
            """);

        Assert.Equal(
            [
                new()
                {
                    Name = "d",
                    Pause = true,
                    Meta = new([new("a", "b")]),
                    Login = new() { Username = "u", ConnectionType = "winrm", ConnectionPort = 5986, PythonPath = "/p", ShellType = "cmd" },
                },
                new ProviderDiskImageConfig { Name = "e", Login = new ImageLogin() },
            ],
            CloudSection.DiskImages(root));
        Assert.Equal(
            [new CloudImageConfig { Name = "c", Login = new() { Username = "admin", ConnectionType = "network_cli", ConnectionPort = 2222 } }],
            CloudSection.CloudImages(root));
        Assert.Empty(problems());
    }

    [Theory]
    [InlineData("{}", 0.5, "")]
    [InlineData("{rate: 4}", 0.25, "")]
    [InlineData("{rate-limit: 0.1}", 10, "")]
    [InlineData("{rate: 0}", 0.5, "1:8: error: rate: a number of calls per second above zero expected; with zero nothing could be asked")]
    [InlineData("{rate: 1, rate-limit: 1}", 1, "1:23: error: rate-limit: 'rate' and 'rate-limit' mean the same; keep 'rate'")]
    public void CallInterval_OfCallsPerSecond_IsTheTimeBetweenTwo(string text, double seconds, string problem)
    {
        var (root, problems) = Parse(text);

        Assert.Equal(TimeSpan.FromSeconds(seconds), CloudSection.CallInterval(root, 2, "rate-limit"));

        Assert.Equal(problem, problems());
    }

    [Fact]
    public void ReadLimits_OfAPool_OverrideTheProvidersOneByOne()
    {
        var (root, problems) = Parse("{max-servers: 3, max-ram: 10, max-resources: {L-1: 4, L-2: 5}, pools: [{name: p, max-pods: -1, max-resources: {L-2: 6}}]}");

        var defaults = new PoolDefaults { Limits = ProviderSection.ReadLimits(root, Quota.Unlimited, "max-pods") };
        var limits = ProviderSection.ReadLimits(root.Maps("pools")[0], defaults.Limits, "max-pods");

        Assert.Equal(Quota.Of((Quota.Instances, 0), (Quota.Ram, 10), ("L-1", 4), ("L-2", 6)), limits);
        Assert.Equal("", problems());
    }

    private static (ConfigMap Root, Func<string> Problems) Parse(string text)
    {
        var document = ConfigDocument.Parse("np.yaml", text);
        return (document.Root!, () => string.Join('\n', document.Problems).Replace("np.yaml:", "", StringComparison.Ordinal));
    }
}
