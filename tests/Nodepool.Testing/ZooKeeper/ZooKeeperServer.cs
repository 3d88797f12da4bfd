using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Nodepool.Testing.ZooKeeper;

/// <summary>
/// A real ZooKeeper server (Debian's package <c>libzookeeper-java</c>) on free ports of the loopback, with a directory of its own. It is killed by
/// its process id and its directory removed when it is disposed.
/// </summary>
public sealed class ZooKeeperServer : IAsyncDisposable
{
    private const string Jars = "/usr/share/java";
    private static readonly TimeSpan StartTime = TimeSpan.FromSeconds(90);

    // The manifest of Debian's jar lacks the two of netty; the last two are for a log.
    private static readonly string[] ClassPath = ["zookeeper.jar", "netty-codec.jar", "netty-resolver.jar", "slf4j-log4j12.jar", "log4j-1.2.jar"];

    private readonly string _directory = Directory.CreateTempSubdirectory("nodepool-zookeeper-").FullName;
    private readonly int _id;
    private readonly string[] _machine;
    private Process? _process;

    private ZooKeeperServer(int id, bool isForLoad = false) =>
        (_id, _machine) = (id, isForLoad ? ["-Xmx2g"] : ["-Xmx512m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1"]);

    /// <summary>The port for plain TCP.</summary>
    public int Port { get; } = FreePort();

    /// <summary>The port for TLS.</summary>
    public int SecurePort { get; } = FreePort();

    /// <summary>Where plain clients find it.</summary>
    public string Address => $"127.0.0.1:{Port}";

    /// <summary>Where clients with TLS find it.</summary>
    public string SecureAddress => $"localhost:{SecurePort}";

    /// <summary>Starts one server that stands alone.</summary>
    /// <exception cref="InvalidOperationException">It is not installed or does not start; the message has its last words.</exception>
    /// <param name="certificates">What it shows to clients and wants to see of them.</param>
    /// <param name="ct">Gives up.</param>
    /// <param name="isForLoad">It is to be quick when it has run for a while, rather than at once.</param>
    public static async Task<ZooKeeperServer> StartAsync(TestCertificates certificates, CancellationToken ct, bool isForLoad = false)
    {
        var server = new ZooKeeperServer(0, isForLoad);
        await server.StartAsync(server.Configuration(certificates), ct);
        return server;
    }

    /// <summary>Starts an ensemble of three.</summary>
    /// <exception cref="InvalidOperationException">It is not installed or does not start; the message has its last words.</exception>
    public static async Task<ZooKeeperServer[]> StartEnsembleAsync(TestCertificates certificates, CancellationToken ct)
    {
        ZooKeeperServer[] servers = [new(1), new(2), new(3)];
        var peers = string.Join('\n', servers.Select(server => $"server.{server._id}=127.0.0.1:{FreePort()}:{FreePort()}"));
        await Task.WhenAll(servers.Select(server => server.StartAsync($"{server.Configuration(certificates)}\n{peers}\n", ct)));
        return servers;
    }

    /// <summary>Kills it (<c>SIGKILL</c>).</summary>
    public async Task KillAsync()
    {
        if (_process is { } process)
        {
            process.Kill();
            await process.WaitForExitAsync();
            process.Dispose();
            _process = null;
        }
    }

    /// <summary>Starts it again, with the data that it had.</summary>
    public async Task StartAgainAsync(CancellationToken ct)
    {
        Launch();
        await ServesAsync(ct);
    }

    /// <summary>What it answers to one of its four-letter words; empty when it cannot be reached.</summary>
    public async Task<string> AskAsync(string word, CancellationToken ct)
    {
        try
        {
            using var client = new TcpClient();
            await client.ConnectAsync(IPAddress.Loopback, Port, ct);
            await using var stream = client.GetStream();
            await stream.WriteAsync(Encoding.ASCII.GetBytes(word), ct);
            using var reader = new StreamReader(stream);
            return await reader.ReadToEndAsync(ct);
        }
        catch (Exception e) when (e is SocketException or IOException)
        {
            return "";
        }
    }

    public async ValueTask DisposeAsync()
    {
        await KillAsync();
        Directory.Delete(_directory, recursive: true);
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    private string Configuration(TestCertificates certificates) =>
        $"""
        tickTime=500
        initLimit=20
        syncLimit=10
        maxSessionTimeout=120000
        dataDir={_directory}/data
        clientPort={Port}
        clientPortAddress=127.0.0.1
        secureClientPort={SecurePort}
        secureClientPortAddress=127.0.0.1
        serverCnxnFactory=org.apache.zookeeper.server.NettyServerCnxnFactory
        ssl.keyStore.location={certificates.ServerStore}
        ssl.keyStore.type=PEM
        ssl.trustStore.location={certificates.Authority}
        ssl.trustStore.type=PEM
        4lw.commands.whitelist=*
        admin.enableServer=false
        maxClientCnxns=0
        """;

    private async Task StartAsync(string configuration, CancellationToken ct)
    {
        if (!File.Exists(Path.Combine(Jars, "zookeeper.jar")))
        {
            throw new InvalidOperationException("ZooKeeper is not installed: apt-get install --no-install-recommends libzookeeper-java default-jre-headless");
        }

        Directory.CreateDirectory(Path.Combine(_directory, "data"));
        await File.WriteAllTextAsync(Path.Combine(_directory, "data", "myid"), $"{_id}\n", ct);
        await File.WriteAllTextAsync(Path.Combine(_directory, "zoo.cfg"), configuration + "\n", ct);
        await File.WriteAllTextAsync(
            Path.Combine(_directory, "log4j.properties"),
            "log4j.rootLogger=WARN, A\nlog4j.appender.A=org.apache.log4j.ConsoleAppender\nlog4j.appender.A.layout=org.apache.log4j.PatternLayout\nlog4j.appender.A.layout.ConversionPattern=%d %p %c{1} %m%n\n",
            ct);
        Launch();
        try
        {
            await ServesAsync(ct);
        }
        catch
        {
            await DisposeAsync();
            throw;
        }
    }

    private void Launch()
    {
        var classPath = string.Join(':', ClassPath.Select(jar => Path.Combine(Jars, jar)).Prepend(_directory));
        // The shell only puts the output into a file, and becomes Java.
        var start = new ProcessStartInfo("/bin/sh") { WorkingDirectory = _directory };
        string[] arguments =
        [
            "-c", "exec java \"$@\" >>server.log 2>&1", "java", .. _machine, "-Dzookeeper.extendedTypesEnabled=true", "-Dznode.container.checkIntervalMs=500", "-cp", classPath,
            "org.apache.zookeeper.server.quorum.QuorumPeerMain", "zoo.cfg",
        ];
        Array.ForEach(arguments, start.ArgumentList.Add);

        _process = Process.Start(start) ?? throw new InvalidOperationException("/bin/sh cannot be started.");
    }

    private async Task ServesAsync(CancellationToken ct)
    {
        var began = TimeProvider.System.GetTimestamp();
        while (!(await AskAsync("srvr", ct)).Contains("Mode:", StringComparison.Ordinal))
        {
            if (_process is not { HasExited: false } || TimeProvider.System.GetElapsedTime(began) > StartTime)
            {
                var log = await File.ReadAllLinesAsync(Path.Combine(_directory, "server.log"), ct);
                throw new InvalidOperationException($"ZooKeeper does not start:\n{string.Join('\n', log.TakeLast(20))}");
            }

            await Task.Delay(TimeSpan.FromMilliseconds(100), TimeProvider.System, ct);
        }
    }
}
