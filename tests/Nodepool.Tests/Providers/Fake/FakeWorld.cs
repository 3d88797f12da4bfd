using System.Globalization;
using Microsoft.Extensions.Time.Testing;
using Nodepool.Core.Collections;
using Nodepool.Core.Config;
using Nodepool.Core.Images;
using Nodepool.Core.Providers;
using Nodepool.Providers.Fake;
using Nodepool.Providers.Fake.Cloud;
using Nodepool.Testing;
using Nodepool.Testing.Providers;

namespace Nodepool.Tests.Providers.Fake;

/// <summary>A fake cloud on a fake clock, with one pool of one label.</summary>
internal sealed class FakeWorld : IImageProviderWorld
{
    private static readonly TimeSpan Tick = TimeSpan.FromMilliseconds(50);
    private int _tokens;

    public FakeWorld() => Cloud = new FakeCloud(SeededSources.Create(Time));

    public FakeTimeProvider Time { get; } = new();

    public FakeCloud Cloud { get; }

    public FakeCloudBehaviour Behaviour => Cloud.Behaviour;

    public TimeSpan Patience => TimeSpan.FromMinutes(1);

    public static ProviderConfig Config { get; } = new()
    {
        Name = "fake-provider",
        Driver = "fake",
        ImageFormats = ["qcow2"],
        Pools = [new() { Name = "main", Labels = [new() { Name = "fake-label", DiskImage = "fake-image" }] }],
    };

    ProviderConfig IProviderWorld.Config => Config;

    public IProvider Open() => new FakeProvider(Config.OpenPart(), Cloud);

    public LaunchOrder NewOrder(string nodeId) => LaunchOrders.New(Config, nodeId, "token-" + (++_tokens).ToString(CultureInfo.InvariantCulture));

    public ImageUploadOrder NewUpload(string externalName) => new(
        "fake-image", externalName, new Dictionary<string, string> { ["qcow2"] = "/nowhere/fake-image.qcow2" }, ValueMap<string>.Empty);

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

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
