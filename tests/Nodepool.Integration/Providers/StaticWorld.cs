using Microsoft.Extensions.Logging.Abstractions;
using Nodepool.Core;
using Nodepool.Core.Collections;
using Nodepool.Core.Config;
using Nodepool.Core.Config.Reading;
using Nodepool.Core.Providers;
using Nodepool.Providers.Scanning;
using Nodepool.Providers.Static;
using Nodepool.Testing.Providers;

namespace Nodepool.Integration.Providers;

/// <summary>A static provider with this machine's own OpenSSH server as its host.</summary>
internal sealed class StaticWorld : IStandingWorld
{
    private readonly SshNodeScanner _scanner = new(TimeProvider.System);
    private readonly StaticDriver _driver;
    private readonly Sshd _sshd;

    private StaticWorld(Sshd sshd)
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
                    host-key: {sshd.Keys[0]}
            """);
        _driver = new StaticDriver(_scanner);
        Config = _driver.ReadConfig(document.Root!);
        Assert.Empty(document.Problems);
    }

    public ProviderConfig Config { get; }

    public MachineConfig Host => Config.Pools[0].Machines[0];

    public ValueList<string> Keys => [.. _sshd.Keys];

    public static async Task<StaticWorld> StartAsync() => new(await Sshd.StartAsync("ed25519", "ecdsa"));

    public IProvider Open() => _driver.Open(Config.OpenPart(), new DriverContext(SystemSources.Create(), NullLoggerFactory.Instance, "/nowhere"));

    public async ValueTask StopHostAsync() => await _sshd.StopAsync();

    public ValueTask StartHostAsync()
    {
        _sshd.StartAgain();
        return ValueTask.CompletedTask;
    }

    public Task<T> FinishAsync<T>(Task<T> call) => call;

    public async ValueTask DisposeAsync()
    {
        _scanner.Dispose();
        await _sshd.DisposeAsync();
    }
}
