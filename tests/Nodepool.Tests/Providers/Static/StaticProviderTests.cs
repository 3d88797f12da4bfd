using Nodepool.Core;
using Nodepool.Core.Providers;

namespace Nodepool.Tests.Providers.Static;

public sealed class StaticProviderTests : IAsyncDisposable
{
    private readonly StaticWorld _world = new(TimeSpan.FromSeconds(2));
    private readonly IProvider _provider;

    public StaticProviderTests() => _provider = _world.Open();

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    private IStandingProvider Hosts => (IStandingProvider)_provider;

    public async ValueTask DisposeAsync()
    {
        await _provider.DisposeAsync();
        await _world.DisposeAsync();
    }

    [Fact]
    public async Task Check_ScansTheHostAsConfigured()
    {
        await _world.FinishAsync(Hosts.CheckAsync(_world.Host, Ct).AsTask());

        Assert.Equal(new NodeScanOrder("big.example", 22, IsSsh: true, ReadKeys: true, TimeSpan.FromSeconds(5)), Assert.Single(_world.Scanner.Orders));
    }

    [Fact]
    public async Task Checks_OfOneHostAtTheSameTime_ShareAScan()
    {
        using var cancellation = new CancellationTokenSource();
        var first = Hosts.CheckAsync(_world.Host, cancellation.Token).AsTask();
        var second = Hosts.CheckAsync(_world.Host, Ct).AsTask();

        await cancellation.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => first);

        Assert.Equal(_world.Keys, await _world.FinishAsync(second));
        Assert.Single(_world.Scanner.Orders);
        await _world.FinishAsync(Hosts.CheckAsync(_world.Host, Ct).AsTask());
        Assert.Equal(2, _world.Scanner.Orders.Count);
    }

    [Fact]
    public async Task Check_OfAHostWithoutSsh_WantsAnOpenPortOnly()
    {
        var windows = _world.Host with { ConnectionType = "winrm", ConnectionPort = 5986 };

        Assert.Empty(await _world.FinishAsync(Hosts.CheckAsync(windows, Ct).AsTask()));
        Assert.Equal(new NodeScanOrder("big.example", 5986, IsSsh: false, ReadKeys: false, TimeSpan.FromSeconds(5)), Assert.Single(_world.Scanner.Orders));
    }

    [Fact]
    public async Task Limits_OfTheHosts_CountSlotsAlsoPerLabel()
    {
        Assert.Equal(Quota.Of((Quota.Instances, 3), ("slots-debian", 3), ("slots-large", 2)), await _provider.GetLimitsAsync(_world.Config, Ct));
        Assert.Equal(
            Quota.Of((Quota.Instances, 1), ("slots-large", 1)), _provider.GetCost(_world.Config.Pools[0], _world.Config.Pools[0].FindLabel("large")!));
    }
}
