using Nodepool.Integration.Cli;
using Nodepool.Integration.Roles;

namespace Nodepool.Integration.Publication;

/// <summary>The published programs answer like the one that was built. How quickly is a matter of ./dev bench startup.</summary>
public sealed class PublicationTests(PublishedProgram published) : IClassFixture<PublishedProgram>, IDisposable
{
    private const int Terminate = 15;

    private readonly RoleBed _bed = new();

    public void Dispose() => _bed.Dispose();

    [Theory]
    [InlineData("--version")]
    [InlineData("--help")]
    [InlineData("launcher --help")]
    [InlineData("list --nonsense")]
    [InlineData("-c CONFIG config-validate")]
    [InlineData("-c CONFIG list")]
    [InlineData("-c CONFIG list --detail")]
    [InlineData("-c CONFIG list -o json")]
    [InlineData("-c CONFIG status -o json")]
    [InlineData("-c CONFIG request-list")]
    [InlineData("-c CONFIG image-list -o json")]
    public async Task Commands_AnswerLikeTheBuiltProgram(string line)
    {
        await using (var launcher = await _bed.LauncherAsync())
        {
            Assert.Equal(0, (await NodepoolProcess.RunAsync("-c", _bed.Config, "request", "debian", "--wait")).Status);
            launcher.Signal(Terminate);
            Assert.Equal(0, await launcher.EndAsync());
        }

        string[] words = [.. line.Split(' ').Select(word => word == "CONFIG" ? _bed.Config : word)];
        var built = await RunAsync(NodepoolProcess.Program, words);
        Assert.Equal(built, await RunAsync(published.Called("nodepool"), words));
        Assert.NotEqual("", built.Out + built.Error);
    }

    [Theory]
    [InlineData("nodepool launcher", "launcher,web")]
    [InlineData("nodepool up", "builder,launcher,web")]
    [InlineData("nodepool-launcher -f", "launcher,web")]
    [InlineData("nodepoold -f --no-webapp", "launcher")]
    [InlineData("nodepool-builder -f", "builder")]
    public async Task Roles_RunInTheProcessThatWasStarted(string line, string roles)
    {
        var (name, arguments) = line.Split(' ') is [var first, .. var rest] ? (first, rest) : default;
        var pidFile = _bed.File("pid");

        await using var role = NodepoolProcess.Start(published.Called(name), [.. arguments, "-c", _bed.Config, "-p", pidFile]);
        await role.SaysAsync($"{roles.Replace(",", ", ", StringComparison.Ordinal)}; process {role.Id},");
        await Until.TrueAsync(() => File.Exists(pidFile));
        Assert.Equal($"{role.Id}", File.ReadAllText(pidFile).Trim());
        Assert.EndsWith("/lib/nodepool/daemon/nodepool", File.ResolveLinkTarget($"/proc/{role.Id}/exe", returnFinalTarget: false)!.FullName, StringComparison.Ordinal);

        role.Signal(Terminate);
        Assert.Equal(0, await role.EndAsync());
        Assert.False(File.Exists(pidFile));
    }

    private static async Task<(int Status, string Out, string Error)> RunAsync(string program, string[] arguments)
    {
        await using var process = NodepoolProcess.Start(program, arguments);
        var status = await process.EndAsync();
        return (status, Ageless(process.Out), process.Error);
    }

    /// <summary>Ages grow between two calls: their digits do not count.</summary>
    private static string Ageless(string output) => string.Concat(output.Select(c => char.IsAsciiDigit(c) ? '0' : c));
}
