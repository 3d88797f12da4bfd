using Nodepool.Integration.State.ZooKeeper;
using Nodepool.Testing.ZooKeeper;

[assembly: AssemblyFixture(typeof(SharedServer))]

namespace Nodepool.Integration.State.ZooKeeper;

/// <summary>One server for all tests that leave it as it is. It starts when the first of them asks, and ends with the run.</summary>
public sealed class SharedServer : IAsyncDisposable
{
    private static readonly Lazy<Task<SharedServer>> Running = new(StartAsync);

    private readonly TestCertificates? _certificates;
    private readonly ZooKeeperServer? _server;

    /// <summary>What the test framework holds, to end the server by.</summary>
    public SharedServer()
    {
    }

    private SharedServer(TestCertificates certificates, ZooKeeperServer server) => (_certificates, _server) = (certificates, server);

    public static Task<SharedServer> Instance => Running.Value;

    public TestCertificates Certificates => _certificates!;

    public ZooKeeperServer Server => _server!;

    public async ValueTask DisposeAsync()
    {
        if (Running.IsValueCreated && await Running.Value is { } running)
        {
            await running.Server.DisposeAsync();
            running.Certificates.Dispose();
        }
    }

    private static async Task<SharedServer> StartAsync()
    {
        var certificates = new TestCertificates();
        return new SharedServer(certificates, await ZooKeeperServer.StartAsync(certificates, CancellationToken.None));
    }
}
