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
    private readonly string _config;
    private readonly StringBuilder _log = new();
    private Process _process;

    private Sshd(string directory, string address, int port, string config)
    {
        (_directory, Address, Port, _config) = (directory, address, port, config);
        _process = Run();
        AppDomain.CurrentDomain.ProcessExit += Kill;
    }

    /// <summary>Where it listens, a loopback address.</summary>
    public string Address { get; }

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
    public static Task<Sshd> StartAsync(params string[] types) => StartAtAsync("127.0.0.1", types);

    /// <summary>Starts one that listens on all addresses of this host and lets nobody in: it plays the machines of a cloud for a nodescan.</summary>
    public static Task<Sshd> StartEverywhereAsync() =>
        StartAsync("0.0.0.0", ["PasswordAuthentication no", "PubkeyAuthentication no", "MaxStartups 1000"], ["ed25519", "ecdsa"]);

    /// <summary>Starts one on a loopback address of its own.</summary>
    public static Task<Sshd> StartAtAsync(string address, params string[] types) => StartAsync(address, [], types);

    private static async Task<Sshd> StartAsync(string address, string[] settings, string[] types)
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
                "ListenAddress " + address,
                .. settings,
                "PidFile none",
                "UsePAM no",
                "LogLevel VERBOSE",
                .. types.Select(type => "HostKey " + Path.Combine(directory, type)),
            ]);
        return new Sshd(directory, address, port, config) { Keys = keys };
    }

    public async ValueTask DisposeAsync()
    {
        AppDomain.CurrentDomain.ProcessExit -= Kill;
        await StopAsync();
        _process.Dispose();
        Directory.Delete(_directory, recursive: true);
    }

    /// <summary>Ends the server; its keys and its port stay.</summary>
    public async Task StopAsync()
    {
        Kill(this, EventArgs.Empty);
        await _process.WaitForExitAsync();
    }

    /// <summary>Starts it again on the same port.</summary>
    public void StartAgain()
    {
        _process.Dispose();
        _process = Run();
    }

    private Process Run()
    {
        var process = Process.Start(new ProcessStartInfo(Program, ["-D", "-e", "-f", _config]) { RedirectStandardError = true })!;
        process.ErrorDataReceived += (_, line) =>
        {
            lock (_log)
            {
                _log.AppendLine(line.Data);
            }
        };
        process.BeginErrorReadLine();
        return process;
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
