using System.Globalization;
using Microsoft.Extensions.Logging.Abstractions;
using Nodepool.Core;
using Nodepool.Core.Config;
using Nodepool.Core.Config.Reading;
using Nodepool.Core.Providers;
using Nodepool.Providers.Scanning;
using Nodepool.Providers.Static;
using Nodepool.Testing.Providers;

namespace Nodepool.Integration.Providers;

/// <summary>A static provider with this machine's own OpenSSH server as its host.</summary>
internal sealed class StaticWorld : IProviderWorld
{
    private readonly SshNodeScanner _scanner = new(TimeProvider.System);
    private readonly DirectoryInfo _directory = Directory.CreateTempSubdirectory("np-static-");
    private readonly Sshd _sshd;
    private int _tokens;

    public StaticWorld(Sshd sshd, string key, int slots)
    {
        _sshd = sshd;
        var document = ConfigDocument.Parse(
            "np.yaml",
            $"""
            name: static-provider
            driver: static
            pools:
              - name: main
                nodes:
                  - name: 127.0.0.1
                    labels: host
                    timeout: 30
                    connection-port: {sshd.Port}
                    max-parallel-jobs: {slots}
                    host-key: {key}
            """);
        Driver = new StaticDriver(_scanner);
        Config = Driver.ReadConfig(document.Root!);
        Assert.Empty(document.Problems);
    }

    public StaticDriver Driver { get; }

    public ProviderConfig Config { get; }

    public TimeSpan Patience => TimeSpan.FromSeconds(20);

    public static async Task<StaticWorld> StartAsync(int slots = 2)
    {
        var sshd = await Sshd.StartAsync("ed25519", "ecdsa");
        return new StaticWorld(sshd, sshd.Keys[0], slots);
    }

    public IProvider Open() => Driver.Open(Config.OpenPart(), new DriverContext(SystemSources.Create(), NullLoggerFactory.Instance, _directory.FullName));

    public LaunchOrder NewOrder(string nodeId) =>
        LaunchOrders.New(Config, nodeId, "token-" + Interlocked.Increment(ref _tokens).ToString(CultureInfo.InvariantCulture));

    public async ValueTask PassAsync(TimeSpan time) => await Task.Delay(time, TimeProvider.System, TestContext.Current.CancellationToken);

    public async ValueTask DisposeAsync()
    {
        _scanner.Dispose();
        await _sshd.DisposeAsync();
        _directory.Delete(recursive: true);
    }
}
