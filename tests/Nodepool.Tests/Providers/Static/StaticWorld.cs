using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using Nodepool.Core.Collections;
using Nodepool.Core.Config;
using Nodepool.Core.Config.Reading;
using Nodepool.Core.Providers;
using Nodepool.Providers.Static;
using Nodepool.Testing;
using Nodepool.Testing.Providers;

namespace Nodepool.Tests.Providers.Static;

/// <summary>Two hosts, one of them with two slots, on a fake network.</summary>
internal sealed class StaticWorld : IStandingWorld
{
    public const string Key = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIAE=";

    public const string Section =
        $$"""
        name: static-provider
        driver: static
        pools:
          - name: main
            nodes:
              - {name: big.example, labels: [debian, large], max-parallel-jobs: 2, username: root, host-key: {{Key}}}
              - {name: 203.0.113.9, labels: debian, host-key: {{Key}}}
        """;

    private readonly StaticDriver _driver;
    private readonly TimeSpan _answersAfter;

    public StaticWorld(TimeSpan answersAfter = default)
    {
        _answersAfter = answersAfter;
        Scanner = new FakeNodeScanner(Time, order => Found.GetValueOrDefault(order.Host) ?? new ScanScript(answersAfter, Keys));
        _driver = new StaticDriver(Scanner);
        Config = Read(Section).Config;
    }

    public FakeTimeProvider Time { get; } = new();

    public FakeNodeScanner Scanner { get; }

    public Dictionary<string, ScanScript> Found { get; } = [];

    public ProviderConfig Config { get; }

    public MachineConfig Host => Config.Pools[0].Machines[0];

    public ValueList<string> Keys => ["ssh-rsa AAAA", Key];

    public (ProviderConfig Config, IReadOnlyList<ConfigProblem> Problems) Read(string section)
    {
        var document = ConfigDocument.Parse("np.yaml", section);
        var config = _driver.ReadConfig(document.Root!);
        document.ReportUnknownKeys();
        return (config, document.Problems);
    }

    public IProvider Open() => _driver.Open(Config.OpenPart(), new DriverContext(SeededSources.Create(Time), NullLoggerFactory.Instance, "/nowhere"));

    public ValueTask StopHostAsync()
    {
        Found[Host.Name] = ScanScript.Never;
        return ValueTask.CompletedTask;
    }

    public ValueTask StartHostAsync()
    {
        Found[Host.Name] = new ScanScript(_answersAfter, Keys);
        return ValueTask.CompletedTask;
    }

    public async Task<T> FinishAsync<T>(Task<T> call)
    {
        while (!call.IsCompleted)
        {
            Time.Advance(TimeSpan.FromMilliseconds(50));
            await Task.Yield();
        }

        return await call;
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
