using System.Globalization;
using Microsoft.Extensions.Time.Testing;
using Nodepool.Core;
using Nodepool.Core.Config;
using Nodepool.Core.Providers;
using Nodepool.Providers.OpenStack;
using Nodepool.Testing;
using Nodepool.Testing.OpenStack;
using Nodepool.Testing.Providers;

namespace Nodepool.Tests.Providers.OpenStack;

/// <summary>The driver on a cloud inside the process, called directly, on a fake clock: does with it what the launcher does.</summary>
internal sealed class OpenStackBed : IAsyncDisposable
{
    private static readonly TimeSpan Tick = TimeSpan.FromMilliseconds(100);
    private const int MostTicks = 36000;
    private readonly List<OpenStackProvider> _opened = [];
    private int _tokens;

    public OpenStackBed(ProviderConfig? config = null)
    {
        Config = config ?? OpenStackSections.Make();
        Cloud = new FakeOpenStack(Time);
        Api = new DirectCloudApi(Cloud);
        Provider = Open();
    }

    public FakeTimeProvider Time { get; } = new();

    public ProviderConfig Config { get; }

    public FakeOpenStack Cloud { get; }

    public DirectCloudApi Api { get; }

    public OpenStackProvider Provider { get; }

    public LogLines Log { get; } = new();

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    /// <summary>A provider as another process would open it.</summary>
    public OpenStackProvider Open()
    {
        var provider = new OpenStackProvider(Config.OpenPart(), Api, new DriverContext(SeededSources.Create(Time), Log, "/nowhere"));
        _opened.Add(provider);
        return provider;
    }

    public LaunchOrder NewOrder(string nodeId = "1") => LaunchOrders.New(Config, nodeId, $"np-{(++_tokens).ToString(CultureInfo.InvariantCulture)}") with
    {
        ImageExternalId = "debian",
        ImageOptions = Config.CloudImages[0].Options,
        RequestId = "300-" + nodeId,
    };

    /// <summary>Waits for a call, letting time pass.</summary>
    public async Task<T> FinishAsync<T>(Task<T> call)
    {
        for (var ticks = 0; !call.IsCompleted; ticks++)
        {
            Assert.True(ticks < MostTicks, "it is not over after an hour");
            Time.Advance(Tick);
        }

        return await call;
    }

    public Task<LaunchProgress> LaunchAsync(LaunchOrder order, OpenStackProvider? provider = null) => FinishAsync(RunLaunchAsync(order, provider));

    /// <summary>What a launcher does; faults that pass are tried again after a second.</summary>
    public async Task<LaunchProgress> RunLaunchAsync(LaunchOrder order, OpenStackProvider? provider = null, LaunchProgress? from = null)
    {
        var progress = from ?? LaunchProgress.Begin;
        while (progress.Instance is null)
        {
            try
            {
                progress = await (provider ?? Provider).AdvanceLaunchAsync(order, progress, Ct);
                await Task.Delay(progress.WakeAfter, Time, Ct);
            }
            catch (ProviderException e) when (e.Fault is ProviderFault.Unavailable or ProviderFault.Throttled)
            {
                await Task.Delay(TimeSpan.FromSeconds(1), Time, Ct);
            }
        }

        return progress;
    }

    public Task<bool> DeleteAsync(LaunchOrder order, string? id, OpenStackProvider? provider = null) =>
        FinishAsync(RunDeleteAsync(new DeleteOrder(order.NodeId, order.Token, id), provider));

    public async Task<bool> RunDeleteAsync(DeleteOrder order, OpenStackProvider? provider = null)
    {
        while (true)
        {
            try
            {
                var progress = await (provider ?? Provider).AdvanceDeleteAsync(order, Ct);
                if (progress.IsGone)
                {
                    return true;
                }

                await Task.Delay(progress.WakeAfter, Time, Ct);
            }
            catch (ProviderException e) when (e.Fault is ProviderFault.Unavailable or ProviderFault.Throttled)
            {
                await Task.Delay(TimeSpan.FromSeconds(1), Time, Ct);
            }
        }
    }

    public Task<List<CloudResource>> ListAsync() => FinishAsync(Provider.ListResourcesAsync(Ct).ToListAsync(Ct).AsTask());

    public Task<Quota> LimitsAsync() => FinishAsync(Provider.GetLimitsAsync(Config, Ct).AsTask());

    public int Calls(string kind) => Cloud.Calls.Count(call => call == kind);

    public async ValueTask DisposeAsync()
    {
        foreach (var provider in _opened)
        {
            await provider.DisposeAsync();
        }
    }
}
