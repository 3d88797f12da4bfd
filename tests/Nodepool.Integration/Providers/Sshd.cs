using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Nodepool.Integration.Providers;

/// <summary>A real OpenSSH server on a free port of 127.0.0.1, or of all addresses; ends with its disposal or with this process.</summary>
internal sealed class Sshd : IAsyncDisposable
{
    private const string Program = "/usr/sbin/sshd";

    private readonly string _directory;
    private readonly Process _process;
    private readonly StringBuilder _log;

    private Sshd(string directory, int port, Process process, StringBuilder log) => (_directory, Port, _process, _log) = (directory, port, process, log);

    public int Port { get; }

    /// <summary>What the server wrote to its log so far.</summary>
    public string Log
    {
        get
        {
            lock (_log)
            {
                return _log.ToString();
            }
        }
    }

    /// <summary>Its host keys, <c>type base64</c>, in the order of the types asked for.</summary>
    public required IReadOnlyList<string> Keys { get; init; }

    /// <param name="types">Types of host key as <c>ssh-keygen -t</c> names them.</param>
    public static Task<Sshd> StartAsync(params string[] types) => StartAsync("ListenAddress 127.0.0.1", types);

    /// <summary>Starts one that listens on all addresses of this host and lets nobody in: it plays the machines of a cloud for a nodescan.</summary>
    public static Task<Sshd> StartEverywhereAsync() => StartAsync("ListenAddress 0.0.0.0\nPasswordAuthentication no\nPubkeyAuthentication no\nMaxStartups 1000", ["ed25519", "ecdsa"]);

    public async ValueTask DisposeAsync()
    {
        AppDomain.CurrentDomain.ProcessExit -= Kill;
        Kill(this, EventArgs.Empty);
        await _process.WaitForExitAsync();
        _process.Dispose();
        Directory.Delete(_directory, recursive: true);
    }

    private static async Task<Sshd> StartAsync(string listening, string[] types)
    {
        if (!File.Exists(Program))
        {
            Assert.Fail($"{Program} is missing: apt-get install --no-install-recommends openssh-server");
        }

        if (Environment.UserName == "root")
        {
            Directory.CreateDirectory("/run/sshd");
        }

        var directory = Directory.CreateTempSubdirectory("np-sshd-").FullName;
        var keys = new List<string>();
        foreach (var type in types)
        {
            var path = Path.Combine(directory, type);
            using var keygen = Process.Start("ssh-keygen", ["-q", "-t", type, "-N", "", "-C", "", "-f", path]);
            await keygen.WaitForExitAsync();
            keys.Add((await File.ReadAllTextAsync(path + ".pub")).Trim());
        }

        var port = FreePort();
        var config = Path.Combine(directory, "sshd.conf");
        await File.WriteAllLinesAsync(
            config,
            [
                $"Port {port}",
                listening,
                "PidFile none",
                "UsePAM no",
                "LogLevel VERBOSE",
                .. types.Select(type => "HostKey " + Path.Combine(directory, type)),
            ]);
        return Start(directory, port, config, keys);
    }

    private static Sshd Start(string directory, int port, string config, IReadOnlyList<string> keys)
    {
        var log = new StringBuilder();
        var process = Process.Start(new ProcessStartInfo(Program, ["-D", "-e", "-f", config]) { RedirectStandardError = true })!;
        process.ErrorDataReceived += (_, line) =>
        {
            lock (log)
            {
                log.AppendLine(line.Data);
            }
        };
        process.BeginErrorReadLine();
        var sshd = new Sshd(directory, port, process, log) { Keys = keys };
        AppDomain.CurrentDomain.ProcessExit += sshd.Kill;
        return sshd;
    }

    /// <summary>A port that nothing listened on a moment ago.</summary>
    public static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    private void Kill(object? sender, EventArgs e)
    {
        if (!_process.HasExited)
        {
            _process.Kill(entireProcessTree: true);
        }
    }
}
