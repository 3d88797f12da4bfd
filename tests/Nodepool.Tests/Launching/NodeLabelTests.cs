using Nodepool.Core.Config;
using Nodepool.Core.Launching.Nodes;

namespace Nodepool.Tests.Launching;

public sealed class NodeLabelTests
{
    private static readonly ImageLogin Winrm = new() { Username = "ci", ConnectionType = "winrm", ConnectionPort = 5986, PythonPath = "/p", ShellType = "cmd" };

    private static readonly NodepoolConfig Config = new()
    {
        DiskImages = [new() { Name = "built", Username = "maker", PythonPath = "/usr/bin/python3", ShellType = "sh" }],
    };

    [Theory]
    [InlineData("built", null, "maker /usr/bin/python3 sh ssh 22")]
    [InlineData("unlisted", null, "zuul auto  ssh 22")]
    [InlineData(null, "existing", "ci /p cmd winrm 5986")]
    [InlineData(null, null, "zuul auto  ssh 22")]
    public void LoginOf_ALabel_TakesTheProvidersWordOverTheDiskImages(string? diskImage, string? cloudImage, string expected)
    {
        var provider = new ProviderConfig
        {
            Name = "p",
            Driver = "d",
            DiskImages = [new() { Name = "built" }],
            CloudImages = [new() { Name = "existing", Login = Winrm }],
        };

        Assert.Equal(expected, Text(provider, new PoolLabelConfig { Name = "l", DiskImage = diskImage, CloudImage = cloudImage }));
    }

    [Fact]
    public void LoginOf_ADiskImageThatTheProviderOverrides_IsTheProviders()
    {
        var provider = new ProviderConfig { Name = "p", Driver = "d", DiskImages = [new() { Name = "built", Login = Winrm }] };

        Assert.Equal("ci /p cmd winrm 5986", Text(provider, new PoolLabelConfig { Name = "l", DiskImage = "built" }));
    }

    [Theory]
    [InlineData("built", null, "of the diskimage")]
    [InlineData("unlisted", null, null)]
    [InlineData(null, "existing", "of the cloud image")]
    [InlineData(null, null, null)]
    public void OptionsOf_ALabel_AreThoseOfItsImage(string? diskImage, string? cloudImage, string? expected)
    {
        var provider = new ProviderConfig
        {
            Name = "p",
            Driver = "d",
            DiskImages = [new() { Name = "built", Options = new Said("of the diskimage") }],
            CloudImages = [new() { Name = "existing", Options = new Said("of the cloud image") }],
        };

        var options = NodeLabel.OptionsOf(provider, new PoolLabelConfig { Name = "l", DiskImage = diskImage, CloudImage = cloudImage });

        Assert.Equal(expected, (options as Said)?.Text);
    }

    private sealed record Said(string Text) : DriverOptions;

    private static string Text(ProviderConfig provider, PoolLabelConfig label)
    {
        var login = NodeLabel.LoginOf(Config, provider, label);
        return $"{login.Username} {login.PythonPath} {login.ShellType} {login.ConnectionType} {login.ConnectionPort}";
    }
}
