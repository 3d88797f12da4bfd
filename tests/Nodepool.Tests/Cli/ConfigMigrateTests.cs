using Nodepool.Tests.Config.V2;

namespace Nodepool.Tests.Cli;

/// <summary><c>nodepool config-migrate</c>: the file on standard output, what is to be said about it on standard error.</summary>
public sealed class ConfigMigrateTests : IDisposable
{
    private readonly TestCli _cli = new();

    public void Dispose() => _cli.Dispose();

    [Fact]
    public async Task Migrate_OldFile_PrintsAFileThatIsValid()
    {
        _cli.Yaml = V2Samples.Usual;

        Assert.Equal(0, await _cli.RunAsync("config-migrate"));

        Assert.StartsWith("# Written by 'nodepool config-migrate' from /etc/nodepool/nodepool.yaml", _cli.Out, StringComparison.Ordinal);
        Assert.Contains("'targets' has no meaning any more", _cli.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("hunter2", _cli.Out + _cli.Error, StringComparison.Ordinal);

        _cli.Yaml = _cli.Out;
        Assert.Equal(0, await _cli.RunAsync("config-validate"));
    }

    [Fact]
    public async Task Migrate_PresentFile_PrintsItAndSaysSo()
    {
        Assert.Equal(0, await _cli.RunAsync("config-migrate"));

        Assert.Equal(TestCli.Config, _cli.Out);
        Assert.Equal("/etc/nodepool/nodepool.yaml has the present form already; it is printed as it is\n", _cli.Error);
    }

    [Theory]
    [InlineData("labels: [{name: a, image: i}]\nproviders: [{name: p, max-servers: few, images: []}]", true, "a whole number expected, found 'few'")]
    [InlineData("labels: [{name: a, image: i}]\nproviders: [{name: p, images: []}]", false, "'max-servers' is missing")]
    [InlineData("labels: [", false, "is not closed")]
    public async Task Migrate_FileWithErrors_FailsAndPrintsWhatCanBeTold(string yaml, bool isPrinted, string expected)
    {
        _cli.Yaml = yaml;

        Assert.Equal(1, await _cli.RunAsync("config-migrate"));

        Assert.Equal(isPrinted, _cli.Out.Length > 0);
        Assert.Contains(expected, _cli.Error, StringComparison.Ordinal);
    }
}
