using System.Globalization;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using Nodepool.Core.Config;
using Nodepool.Core.Config.Reading;
using Nodepool.Core.Providers;
using Nodepool.Providers.Static;
using Nodepool.Testing;
using Nodepool.Testing.Providers;

namespace Nodepool.Tests.Providers.Static;

/// <summary>Two hosts, one of them with two slots, on a fake network.</summary>
internal sealed class StaticWorld : IProviderWorld
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
    private int _tokens;

    public StaticWorld()
    {
        Scanner = new FakeNodeScanner(Time, order => Found.GetValueOrDefault(order.Host) ?? ScanScript.AtOnce("ssh-rsa AAAA", Key));
        _driver = new StaticDriver(Scanner);
        Config = Read(Section).Config;
    }

    public FakeTimeProvider Time { get; } = new();

    public FakeNodeScanner Scanner { get; }

    public Dictionary<string, ScanScript> Found { get; } = [];

    public ProviderConfig Config { get; set; }

    public string Directory { get; } = System.IO.Directory.CreateTempSubdirectory("np-static-").FullName;

    public TimeSpan Patience => TimeSpan.FromMinutes(1);

    public (ProviderConfig Config, IReadOnlyList<ConfigProblem> Problems) Read(string section)
    {
        var document = ConfigDocument.Parse("np.yaml", section);
        var config = _driver.ReadConfig(document.Root!);
        document.ReportUnknownKeys();
        return (config, document.Problems);
    }

    public IProvider Open() => _driver.Open(Config.OpenPart(), new DriverContext(SeededSources.Create(Time), NullLoggerFactory.Instance, Path.Combine(Directory, "p")));

    public LaunchOrder NewOrder(string nodeId) => LaunchOrders.New(Config, nodeId, "token-" + (++_tokens).ToString(CultureInfo.InvariantCulture));

    public LaunchOrder NewOrder(string nodeId, string label) => NewOrder(nodeId) with { Label = Config.Pools[0].FindLabel(label)! };

    public ValueTask PassAsync(TimeSpan time)
    {
        Time.Advance(time);
        return ValueTask.CompletedTask;
    }

    public async ValueTask<T> FinishAsync<T>(Task<T> call)
    {
        while (!call.IsCompleted)
        {
            Time.Advance(TimeSpan.FromMilliseconds(50));
            await Task.Yield();
        }

        return await call;
    }

    public ValueTask DisposeAsync()
    {
        System.IO.Directory.Delete(Directory, recursive: true);
        return ValueTask.CompletedTask;
    }
}
