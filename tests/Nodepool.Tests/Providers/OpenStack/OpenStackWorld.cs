using System.Diagnostics.Metrics;
using System.Globalization;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using Nodepool.Core.Collections;
using Nodepool.Core.Config;
using Nodepool.Core.Images;
using Nodepool.Core.Providers;
using Nodepool.Providers.OpenStack;
using Nodepool.Providers.OpenStack.Access;
using Nodepool.Testing;
using Nodepool.Testing.OpenStack;
using Nodepool.Testing.Providers;

namespace Nodepool.Tests.Providers.OpenStack;

/// <summary>A cloud inside the process, reached by HTTP as a real one is, for the contract. Calls go over other threads, so how much time passes during one is left to chance.</summary>
internal sealed class OpenStackWorld : IImageProviderWorld
{
    private static readonly TimeSpan Tick = TimeSpan.FromMilliseconds(50);
    private readonly Meter _meter = new("test");
    private readonly OpenStackDriver _driver;
    private readonly string _directory = Directory.CreateTempSubdirectory("nodepool-openstack-").FullName;
    private int _tokens;

    public OpenStackWorld(ProviderConfig? config = null)
    {
        Config = config ?? OpenStackSections.Make();
        Cloud = new FakeOpenStack(Time);

        // Time runs faster here than the processor may: no answer is too late.
        var environment = new Dictionary<string, string>(FakeOpenStackHandler.Environment) { ["OS_API_TIMEOUT"] = "1000000" };
        _driver = new OpenStackDriver(new OpenStackClouds(environment, _meter, "1") { Connections = _ => new FakeOpenStackHandler(Cloud) });
    }

    public FakeTimeProvider Time { get; } = new();

    public FakeOpenStack Cloud { get; }

    public TimeSpan Patience => TimeSpan.FromMinutes(10);

    public ProviderConfig Config { get; }

    public IProvider Open() => _driver.Open(Config.OpenPart(), new DriverContext(SeededSources.Create(Time), NullLoggerFactory.Instance, "/nowhere"));

    public LaunchOrder NewOrder(string nodeId) => LaunchOrders.New(Config, nodeId, $"np-{(++_tokens).ToString(CultureInfo.InvariantCulture)}") with
    {
        ImageExternalId = Cloud.Glance.Images[0].Id,
        ImageOptions = Config.CloudImages[0].Options,
        RequestId = "300-" + nodeId,
    };

    public ImageUploadOrder NewUpload(string externalName)
    {
        var file = Path.Combine(_directory, "built.raw");
        File.WriteAllText(file, "a small disk");
        return new ImageUploadOrder(
            "built", externalName, new Dictionary<string, string> { ["raw"] = file }, new ValueMap<string>([new(NodeMetadata.ProviderName, Config.Name)]));
    }

    public ValueTask PassAsync(TimeSpan time)
    {
        Time.Advance(time);
        return ValueTask.CompletedTask;
    }

    public async ValueTask<T> FinishAsync<T>(Task<T> call)
    {
        while (!call.IsCompleted)
        {
            Time.Advance(Tick);
            await Task.Yield();
        }

        return await call;
    }

    public ValueTask DisposeAsync()
    {
        _meter.Dispose();
        Directory.Delete(_directory, recursive: true);
        return ValueTask.CompletedTask;
    }
}
