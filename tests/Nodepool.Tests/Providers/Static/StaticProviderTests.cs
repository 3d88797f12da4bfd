using Nodepool.Core;
using Nodepool.Core.Providers;
using Nodepool.Testing.Providers;

namespace Nodepool.Tests.Providers.Static;

public sealed class StaticProviderTests : IAsyncDisposable
{
    private readonly StaticWorld _world = new();
    private readonly IProvider _provider;

    public StaticProviderTests() => _provider = _world.Open();

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public async ValueTask DisposeAsync()
    {
        await _provider.DisposeAsync();
        await _world.DisposeAsync();
    }

    [Fact]
    public async Task Launch_OfAHost_DescribesItAsConfigured()
    {
        var instance = (await LaunchAsync(_world.NewOrder("1", "large"))).Instance!;

        Assert.Equal(
            new Instance
            {
                ExternalId = "root@big.example:22#0",
                InterfaceIp = "big.example",
                PublicIPv4 = "big.example",
                Hostname = "big.example",
                Username = "root",
                ConnectionType = "ssh",
                ConnectionPort = 22,
                PythonPath = "auto",
                HostKeys = ["ssh-rsa AAAA", StaticWorld.Key],
                Slot = 0,
            },
            instance);
        Assert.Equal(new NodeScanOrder("big.example", 22, IsSsh: true, ReadKeys: true, TimeSpan.FromSeconds(5)), Assert.Single(_world.Scanner.Orders));
    }

    [Fact]
    public async Task Launch_OfSeveralNodes_SpreadsOverHostsThenFillsSlots()
    {
        var ids = new List<string?>();
        for (var i = 0; i < 3; i++)
        {
            ids.Add((await LaunchAsync(_world.NewOrder($"{i}", "debian"))).ExternalId);
        }

        Assert.Equal(["root@big.example:22#0", "zuul@203.0.113.9:22#0", "root@big.example:22#1"], ids);
    }

    [Fact]
    public async Task Launch_WithoutAFreeSlot_ExceedsTheQuotaUntilOneIsFreed()
    {
        var one = _world.NewOrder("1", "large");
        await LaunchAsync(one);
        await LaunchAsync(_world.NewOrder("2", "large"));
        var third = _world.NewOrder("3", "large");

        var error = await FaultAsync(third);
        await _provider.AdvanceDeleteAsync(new("1", one.Token, ExternalId: null), Ct);

        Assert.Equal(ProviderFault.QuotaExceeded, error.Fault);
        Assert.Contains("all 2 slots of label large", error.Message, StringComparison.Ordinal);
        Assert.Equal("root@big.example:22#0", (await LaunchAsync(third)).ExternalId);
    }

    [Fact]
    public async Task Launch_WhenAHostIsDown_TakesAnotherAndComesBackToItLater()
    {
        _world.Found["big.example"] = ScanScript.Never;

        var elsewhere = await LaunchAsync(_world.NewOrder("1", "debian"));
        var nowhere = await FaultAsync(_world.NewOrder("2", "debian"));
        _world.Found.Clear();
        _world.Time.Advance(TimeSpan.FromSeconds(30));

        Assert.Equal("zuul@203.0.113.9:22#0", elsewhere.ExternalId);
        Assert.Equal(ProviderFault.Unavailable, nowhere.Fault);
        Assert.Contains("host root@big.example:22: big.example port 22 did not answer", nowhere.Message, StringComparison.Ordinal);
        Assert.Equal("root@big.example:22#0", (await LaunchAsync(_world.NewOrder("3", "debian"))).ExternalId);
    }

    [Fact]
    public async Task Launches_OnOneHostAtTheSameTime_ShareAScan()
    {
        _world.Found["big.example"] = new ScanScript(TimeSpan.FromSeconds(2), [StaticWorld.Key]);
        using var cancellation = new CancellationTokenSource();
        var first = _provider.AdvanceLaunchAsync(_world.NewOrder("1", "large"), LaunchProgress.Begin, cancellation.Token).AsTask();
        var second = _provider.AdvanceLaunchAsync(_world.NewOrder("2", "large"), LaunchProgress.Begin, Ct).AsTask();

        await cancellation.CancelAsync();
        _world.Time.Advance(TimeSpan.FromSeconds(2));

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => first);
        Assert.Equal("root@big.example:22#1", (await second).ExternalId);
        Assert.Single(_world.Scanner.Orders);
    }

    [Fact]
    public async Task Launch_OfAHostWithOtherKeys_IsRejectedAndKeepsNoSlot()
    {
        _world.Found["big.example"] = ScanScript.AtOnce("ssh-ed25519 BBBB");

        var error = await FaultAsync(_world.NewOrder("1", "large"));

        Assert.Equal(ProviderFault.Rejected, error.Fault);
        Assert.Contains($"does not show its configured host key '{StaticWorld.Key}' but 'ssh-ed25519 BBBB'", error.Message, StringComparison.Ordinal);
        Assert.Empty(await _provider.ListResourcesAsync(Ct).ToListAsync(Ct));
    }

    [Fact]
    public async Task Launch_WithoutHostKeyChecking_TrustsTheConfigurationAndScansNothing()
    {
        await using var unchecking = OpenWith("max-parallel-jobs: 2", "max-parallel-jobs: 2, host-key-checking: false");

        var end = await unchecking.AdvanceLaunchAsync(_world.NewOrder("1", "large"), LaunchProgress.Begin, Ct);

        Assert.Equal([StaticWorld.Key], end.Instance!.HostKeys);
        Assert.Empty(_world.Scanner.Orders);
    }

    [Fact]
    public async Task Launch_OfAHostWithoutSsh_WantsAnOpenPortOnly()
    {
        await using var windows = OpenWith("max-parallel-jobs: 2", "max-parallel-jobs: 2, connection-type: winrm");

        var end = await windows.AdvanceLaunchAsync(_world.NewOrder("1", "large"), LaunchProgress.Begin, Ct);

        Assert.Empty(end.Instance!.HostKeys!);
        Assert.Equal(new NodeScanOrder("big.example", 5986, IsSsh: false, ReadKeys: false, TimeSpan.FromSeconds(5)), Assert.Single(_world.Scanner.Orders));
    }

    [Fact]
    public async Task Launch_WhoseHostLeftTheConfiguration_MovesToAnother()
    {
        var order = _world.NewOrder("1", "debian");
        await LaunchAsync(order);
        await using var changed = OpenWith("big.example", "small.example");

        var moved = await changed.AdvanceLaunchAsync(
            order with { Pool = _world.Config.Pools[0], Label = _world.Config.Pools[0].FindLabel("debian")! }, LaunchProgress.Begin, Ct);

        Assert.Equal("root@small.example:22#0", moved.ExternalId);
        Assert.Single(await changed.ListResourcesAsync(Ct).ToListAsync(Ct));
    }

    [Fact]
    public async Task Delete_OfASlotThatIsAnothersNow_FreesNothing()
    {
        var one = _world.NewOrder("1", "large");
        var first = await LaunchAsync(one);
        await _provider.AdvanceDeleteAsync(new("1", one.Token, first.ExternalId), Ct);
        var second = await LaunchAsync(_world.NewOrder("2", "large"));
        Assert.Equal(first.ExternalId, second.ExternalId);

        await _provider.AdvanceDeleteAsync(new("1", one.Token, first.ExternalId), Ct);
        await _provider.AdvanceDeleteAsync(new("1", Token: null, first.ExternalId), Ct);

        Assert.Single(await _provider.ListResourcesAsync(Ct).ToListAsync(Ct));
    }

    [Fact]
    public async Task Limits_OfTheHosts_CountSlotsAlsoPerLabel()
    {
        Assert.Equal(Quota.Of((Quota.Instances, 3), ("slots-debian", 3), ("slots-large", 2)), await _provider.GetLimitsAsync(_world.Config, Ct));
        Assert.Equal(
            Quota.Of((Quota.Instances, 1), ("slots-large", 1)), _provider.GetCost(_world.Config.Pools[0], _world.Config.Pools[0].FindLabel("large")!));
    }

    [Theory]
    [InlineData("")]
    [InlineData("{}")]
    [InlineData("[{\"host\": 1}]")]
    [InlineData("[{\"host\": \"h\", \"slot\": 0, \"tok")]
    public async Task Claims_Damaged_AreNamedAndNotOverwritten(string content)
    {
        var path = Path.Combine(_world.Directory, "p", "claims.json");
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        await File.WriteAllTextAsync(path, content, Ct);

        var error = await Assert.ThrowsAsync<ProviderException>(
            () => _provider.AdvanceLaunchAsync(_world.NewOrder("1"), LaunchProgress.Begin, Ct).AsTask());

        Assert.Equal(ProviderFault.Unavailable, error.Fault);
        Assert.Contains($"{path} is damaged", error.Message, StringComparison.Ordinal);
        Assert.Equal(content, await File.ReadAllTextAsync(path, Ct));
    }

    [Fact]
    public async Task Claims_OfADirectoryThatCannotBe_AreNamedWithTheRemedy()
    {
        await File.WriteAllTextAsync(Path.Combine(_world.Directory, "p"), "a file in the directory's place", Ct);

        var call = _provider.AdvanceLaunchAsync(_world.NewOrder("1"), LaunchProgress.Begin, Ct).AsTask();
        var error = await Assert.ThrowsAsync<ProviderException>(() => _world.FinishAsync(call).AsTask());

        Assert.Equal(ProviderFault.Unavailable, error.Fault);
        Assert.Contains("Check space and permissions", error.Message, StringComparison.Ordinal);
    }

    private IProvider OpenWith(string part, string replacement)
    {
        _world.Config = _world.Read(StaticWorld.Section.Replace(part, replacement, StringComparison.Ordinal)).Config;
        return _world.Open();
    }

    private async Task<LaunchProgress> LaunchAsync(LaunchOrder order)
    {
        var progress = LaunchProgress.Begin;
        while (progress.Instance is null)
        {
            progress = await _world.FinishAsync(_provider.AdvanceLaunchAsync(order, progress, Ct).AsTask());
        }

        return progress;
    }

    private Task<ProviderException> FaultAsync(LaunchOrder order) => Assert.ThrowsAsync<ProviderException>(() => LaunchAsync(order));
}
