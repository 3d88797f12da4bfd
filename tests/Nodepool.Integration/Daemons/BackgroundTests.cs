using System.Diagnostics;
using System.Globalization;
using System.Net.Sockets;
using System.Text;
using Nodepool.Integration.Cli;
using Nodepool.Integration.Roles;

namespace Nodepool.Integration.Daemons;

/// <summary>The old names of the daemons, which go to the background.</summary>
public sealed class BackgroundTests : IDisposable
{
    private const int Terminate = 15;

    private readonly RoleBed _bed = new();
    private readonly string _launcher;
    private readonly string _pidFile;

    public BackgroundTests()
    {
        _launcher = _bed.File("nodepool-launcher");
        _pidFile = _bed.File("pid");
        File.CreateSymbolicLink(_launcher, NodepoolProcess.Program);
        File.WriteAllText(_bed.File("log.yaml"), $$$"""
            handlers: {file: {class: logging.handlers.WatchedFileHandler, filename: {{{_bed.File("log")}}} }}
            loggers: {nodepool: {level: INFO, handlers: [file]}}
            """);
    }

    public void Dispose() => _bed.Dispose();

    [Fact]
    public async Task Launcher_ReturnsWhenItServes_AndLogsToAFileThatIsRotated()
    {
        var (status, _, error) = await StartAsync();
        Assert.True(status == 0, error);
        var pid = int.Parse(File.ReadAllText(_pidFile), CultureInfo.InvariantCulture);
        using var daemon = Process.GetProcessById(pid);
        try
        {
            // Field 6 of the stat file is the session: it leads its own.
            Assert.Equal($"{pid}", File.ReadAllText($"/proc/{pid}/stat").Split(") ")[1].Split(' ')[3]);
            Assert.Equal("/dev/null", File.ResolveLinkTarget($"/proc/{pid}/fd/2", returnFinalTarget: false)!.FullName);
            await Until.TrueAsync(() => File.ReadAllText(_bed.File("log")).Contains("is run by this launcher", StringComparison.Ordinal));

            var (second, _, refusal) = await StartAsync();
            Assert.Equal((1, $"nodepool: {_pidFile}: process {pid} runs with this pid file; end it first, or name another file with -p\n"), (second, refusal));

            File.Move(_bed.File("log"), _bed.File("log.1"));
            Assert.Equal(0, (await NodepoolProcess.RunAsync("-c", _bed.Config, "request", "debian", "--no-reuse", "--wait")).Status);
            await Until.TrueAsync(() => File.Exists(_bed.File("log")) && File.ReadAllText(_bed.File("log")).Contains("fulfilled", StringComparison.Ordinal));
        }
        finally
        {
            using var kill = Process.Start("kill", [$"-{Terminate}", $"{pid}"]);
            await Until.TrueAsync(() => !File.Exists(_pidFile));
        }

        Assert.Equal(0, (await NodepoolProcess.RunAsync("-c", _bed.Config, "list")).Status);
    }

    [Fact]
    public async Task Launcher_ThatCannotStart_SaysWhyAndFails()
    {
        File.WriteAllText(_bed.Config, "labels: 3");

        var (status, _, error) = await StartAsync();

        Assert.Equal(1, status);
        Assert.StartsWith($"nodepool: {_bed.Config}:1:9: error: labels:", error, StringComparison.Ordinal);
        Assert.False(File.Exists(_pidFile));
    }

    [Fact]
    public async Task PidFile_OfADeadProcess_IsReplaced()
    {
        // The number of a process that lives, but has not locked the file.
        File.WriteAllText(_pidFile, $"{Environment.ProcessId}\n");

        await using var launcher = await _bed.LauncherAsync("-p", _pidFile);

        Assert.Equal($"{launcher.Id}", File.ReadAllText(_pidFile).Trim());
        launcher.Signal(Terminate);
        Assert.Equal(0, await launcher.EndAsync());
        Assert.False(File.Exists(_pidFile));
    }

    [Fact]
    public async Task Supervisor_IsToldAndKeepsTheProcessInTheForeground()
    {
        var path = _bed.File("notify");
        using var socket = new Socket(AddressFamily.Unix, SocketType.Dgram, ProtocolType.Unspecified);
        socket.Bind(new UnixDomainSocketEndPoint(path));
        socket.ReceiveTimeout = 60_000;

        await using var launcher = NodepoolProcess.Start(_launcher, [("NOTIFY_SOCKET", path)], "-c", _bed.Config, "--no-webapp");
        Assert.Equal("READY=1", Receive(socket));
        Assert.Contains($"process {launcher.Id},", launcher.Error, StringComparison.Ordinal);

        launcher.Signal(Terminate);
        Assert.Equal("STOPPING=1", Receive(socket));
        Assert.Equal(0, await launcher.EndAsync());
    }

    private static string Receive(Socket socket)
    {
        var buffer = new byte[64];
        return Encoding.UTF8.GetString(buffer, 0, socket.Receive(buffer));
    }

    private async Task<(int Status, string Out, string Error)> StartAsync()
    {
        // Whoever runs the tests may have a supervisor of its own.
        (string, string?)[] nobody = [("NOTIFY_SOCKET", null), ("INVOCATION_ID", null), ("JOURNAL_STREAM", null)];
        await using var process = NodepoolProcess.Start(_launcher, nobody, "-c", _bed.Config, "-l", _bed.File("log.yaml"), "-p", _pidFile, "--no-webapp");
        var status = await process.EndAsync();
        return (status, process.Out, string.Concat(process.Error.Split('\n', StringSplitOptions.RemoveEmptyEntries)
            .Where(line => !line.StartsWith("nodepool 0", StringComparison.Ordinal)).Select(line => line + "\n")));
    }
}
