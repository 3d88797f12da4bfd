using Nodepool.Integration.Cli;

namespace Nodepool.Integration.Roles;

/// <summary>Signals of a real launcher, one by one.</summary>
public sealed class RoleSignalTests : IDisposable
{
    private const int Hangup = 1;
    private const int User1 = 10;
    private const int Terminate = 15;

    private readonly RoleBed _bed = new();

    public void Dispose() => _bed.Dispose();

    [Theory]
    [InlineData(NodepoolProcess.Interrupt)]
    [InlineData(Terminate)]
    [InlineData(User1)]
    public async Task StopSignals_EndInOrder(int signal)
    {
        await using var launcher = await _bed.LauncherAsync();

        launcher.Signal(signal);

        Assert.Equal(0, await launcher.EndAsync());
        Assert.Contains("launcher has ended\n", launcher.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Hangup_SentBySomebody_LooksAtTheConfigurationAndServesOn()
    {
        await using var launcher = await _bed.LauncherAsync();

        _bed.Write(maxServers: 5);
        launcher.Signal(Hangup);

        await launcher.SaysAsync("revision 2 is in force");
        await launcher.SaysAsync("SIGHUP: the configuration file is looked at");
        launcher.Signal(Terminate);
        Assert.Equal(0, await launcher.EndAsync());
    }

    /// <summary>script(1) gives the launcher a terminal; when it is killed the terminal is gone.</summary>
    [Fact]
    public async Task Hangup_BecauseTheTerminalHasGone_EndsInOrder()
    {
        var pidFile = _bed.File("pid");
        await using var terminal = NodepoolProcess.Start(
            "script", "--quiet", "--command", $"exec {NodepoolProcess.Program} -c {_bed.Config} launcher --no-webapp -p {pidFile} 2>{_bed.File("log")}", "/dev/null");
        await Until.TrueAsync(() => File.Exists(_bed.File("log")) && File.ReadAllText(_bed.File("log")).Contains("is run by this launcher", StringComparison.Ordinal));

        terminal.Signal(NodepoolProcess.Kill);

        await Until.TrueAsync(() => !File.Exists(pidFile));
        Assert.Contains("launcher has ended\n", File.ReadAllText(_bed.File("log")), StringComparison.Ordinal);
    }

    /// <summary>What it would say at its end has no place to go to then; its log is a file.</summary>
    [Fact]
    public async Task Hangup_WithStandardErrorOnTheTerminal_EndsInOrder()
    {
        var pidFile = _bed.File("pid");
        File.WriteAllText(_bed.File("log.yaml"), $"handlers: {{file: {{class: logging.FileHandler, filename: {_bed.File("log")}}}}}\nroot: {{level: INFO, handlers: [file]}}\n");
        await using var terminal = NodepoolProcess.Start(
            "script", "--quiet", "--command", $"exec {NodepoolProcess.Program} -c {_bed.Config} launcher --no-webapp -p {pidFile} -l {_bed.File("log.yaml")}", "/dev/null");
        await Until.TrueAsync(() => File.Exists(_bed.File("log")) && File.ReadAllText(_bed.File("log")).Contains("is run by this launcher", StringComparison.Ordinal));

        terminal.Signal(NodepoolProcess.Kill);

        await Until.TrueAsync(() => !File.Exists(pidFile));
    }

    [Fact]
    public async Task Interrupt_OfACommand_EndsItWith130AndLeavesNothing()
    {
        await using var launcher = await _bed.LauncherAsync("--no-launches");
        await using (var asks = NodepoolProcess.Start(NodepoolProcess.Program, "-c", _bed.Config, "request", "debian", "--wait"))
        {
            await asks.SaysAsync("request 200-");
            asks.Signal(NodepoolProcess.Interrupt);
            Assert.Equal(130, await asks.EndAsync());
        }

        Assert.Equal("[]", (await NodepoolProcess.RunAsync("-c", _bed.Config, "request-list", "-o", "json")).Out.Trim());
        Assert.Contains("runs with --no-launches", (await NodepoolProcess.RunAsync("-c", _bed.Config, "status")).Out, StringComparison.Ordinal);
    }
}
