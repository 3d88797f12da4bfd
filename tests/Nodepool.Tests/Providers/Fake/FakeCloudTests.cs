using Nodepool.Core;
using Nodepool.Core.Providers;
using Nodepool.Providers.Fake;
using Nodepool.Providers.Fake.Cloud;

namespace Nodepool.Tests.Providers.Fake;

public sealed class FakeCloudTests : IAsyncDisposable
{
    private readonly FakeWorld _world = new();

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    private FakeCloud Cloud => _world.Cloud;

    public ValueTask DisposeAsync() => _world.DisposeAsync();

    [Fact]
    public async Task Launch_OnAnInstantCloud_IsOverInOneCallOnThisThread()
    {
        var call = _world.Open().AdvanceLaunchAsync(_world.NewOrder("1"), LaunchProgress.Begin, Ct);

        Assert.True(call.IsCompletedSuccessfully);
        var instance = (await call).Instance!;
        Assert.StartsWith("127.", instance.InterfaceIp, StringComparison.Ordinal);
        Assert.StartsWith("ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAI", Assert.Single(instance.HostKeys!), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Launch_OnASlowCloud_SaysWhenToComeBack()
    {
        _world.Behaviour.CreateLatency = TimeSpan.FromSeconds(30);
        var provider = _world.Open();
        var order = _world.NewOrder("1");

        var begun = await provider.AdvanceLaunchAsync(order, LaunchProgress.Begin, Ct);
        _world.Time.Advance(TimeSpan.FromSeconds(29));
        var later = await provider.AdvanceLaunchAsync(order, begun, Ct);
        _world.Time.Advance(later.WakeAfter);

        Assert.Equal((TimeSpan.FromSeconds(30), TimeSpan.FromSeconds(1)), (begun.WakeAfter, later.WakeAfter));
        Assert.NotNull((await provider.AdvanceLaunchAsync(order, later, Ct)).Instance);
    }

    [Fact]
    public async Task Create_OverTheLimit_ExceedsTheQuotaUntilAnInstanceIsGone()
    {
        _world.Behaviour.Limits = Quota.Of((Quota.Instances, 1));
        _world.Behaviour.DeleteLatency = TimeSpan.FromSeconds(10);
        var provider = _world.Open();
        var first = await provider.AdvanceLaunchAsync(_world.NewOrder("1"), LaunchProgress.Begin, Ct);
        var second = _world.NewOrder("2");

        Assert.Equal(ProviderFault.QuotaExceeded, await FaultOfAsync(provider, second));
        await provider.AdvanceDeleteAsync(new("1", "token-1", first.ExternalId), Ct);
        Assert.Equal(ProviderFault.QuotaExceeded, await FaultOfAsync(provider, second));
        _world.Time.Advance(TimeSpan.FromSeconds(10));

        Assert.Null(await FaultOfAsync(provider, second));
        Assert.Equal(FakeFlavor.All[0].Cost, Cloud.Used);
    }

    [Theory]
    [InlineData(ProviderFault.Throttled)]
    [InlineData(ProviderFault.CapacityUnavailable)]
    [InlineData(ProviderFault.Rejected)]
    public async Task Create_ToldToFailOnce_FailsOnceAndDoesNothing(ProviderFault fault)
    {
        _world.Behaviour.Next(FakeOperation.Create, FakeFate.Fails(fault));
        var provider = _world.Open();
        var order = _world.NewOrder("1");

        Assert.Equal(fault, await FaultOfAsync(provider, order));
        Assert.Empty(Cloud.Truth.Servers);
        Assert.Null(await FaultOfAsync(provider, order));
    }

    [Fact]
    public async Task Create_WhoseAnswerIsLost_IsFoundByItsToken()
    {
        _world.Behaviour.Next(FakeOperation.Create, new FakeFate { LosesAnswer = true });
        var provider = _world.Open();
        var order = _world.NewOrder("1");

        Assert.Equal(ProviderFault.Unavailable, await FaultOfAsync(provider, order));
        var made = Assert.Single(Cloud.Truth.Servers);

        Assert.Equal(made.Id, (await provider.AdvanceLaunchAsync(order, LaunchProgress.Begin, Ct)).ExternalId);
    }

    [Fact]
    public async Task Create_ThatEndsInAnError_StaysUntilItIsDeleted()
    {
        _world.Behaviour.CreateLatency = TimeSpan.FromSeconds(5);
        _world.Behaviour.Next(FakeOperation.Create, new FakeFate { EndsIn = ProviderFault.CapacityUnavailable });
        var provider = _world.Open();
        var order = _world.NewOrder("1");
        var begun = await provider.AdvanceLaunchAsync(order, LaunchProgress.Begin, Ct);
        _world.Time.Advance(begun.WakeAfter);

        var error = await Assert.ThrowsAsync<ProviderException>(() => provider.AdvanceLaunchAsync(order, begun, Ct).AsTask());
        Assert.Equal(ProviderFault.CapacityUnavailable, error.Fault);
        Assert.Single(Cloud.Truth.Servers);
        Assert.True((await provider.AdvanceDeleteAsync(new("1", order.Token, ExternalId: null), Ct)).IsGone);
        Assert.Empty(Cloud.Truth.Servers);
    }

    [Fact]
    public async Task Create_InFlightWhenItsCallerDies_AppearsLater()
    {
        _world.Behaviour.Next(FakeOperation.Create, new FakeFate { InFlight = TimeSpan.FromSeconds(10) });
        var provider = _world.Open();
        var order = _world.NewOrder("1");
        using var death = new CancellationTokenSource();
        var call = provider.AdvanceLaunchAsync(order, LaunchProgress.Begin, death.Token).AsTask();
        await death.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => call);

        Assert.True((await provider.AdvanceDeleteAsync(new("1", order.Token, ExternalId: null), Ct)).IsGone);
        Assert.Empty(await provider.ListResourcesAsync(Ct).ToListAsync(Ct));
        _world.Time.Advance(TimeSpan.FromSeconds(10));

        var leak = Assert.Single(await provider.ListResourcesAsync(Ct).ToListAsync(Ct));
        Assert.Equal(order.Token, leak.Metadata[NodeMetadata.Token]);
    }

    [Fact]
    public async Task Create_RepeatedWhileTheFirstIsInFlight_MakesNoSecond()
    {
        _world.Behaviour.Next(FakeOperation.Create, new FakeFate { InFlight = TimeSpan.FromSeconds(10) });
        var order = _world.NewOrder("1");
        var lost = _world.Open().AdvanceLaunchAsync(order, LaunchProgress.Begin, Ct).AsTask();

        var found = await _world.Open().AdvanceLaunchAsync(order, LaunchProgress.Begin, Ct);
        _world.Time.Advance(TimeSpan.FromSeconds(10));

        Assert.Equal((await lost).ExternalId, found.ExternalId);
        Assert.Null(found.Instance);
        Assert.Single(Cloud.Truth.Servers);
    }

    [Fact]
    public async Task Listing_ThatLags_ShowsInstancesLateButNotTheOnesAskedForById()
    {
        _world.Behaviour.ListingLag = TimeSpan.FromSeconds(10);
        var provider = _world.Open();
        var order = _world.NewOrder("1");
        var made = await provider.AdvanceLaunchAsync(order, LaunchProgress.Begin, Ct);

        Assert.Empty(await provider.ListResourcesAsync(Ct).ToListAsync(Ct));
        Assert.NotNull((await provider.AdvanceLaunchAsync(order, made, Ct)).Instance);
        _world.Time.Advance(TimeSpan.FromSeconds(10));

        Assert.Single(await provider.ListResourcesAsync(Ct).ToListAsync(Ct));
    }

    [Fact]
    public async Task Delete_WhoseAnswerIsLost_IsDoneAllTheSame()
    {
        var provider = _world.Open();
        var order = _world.NewOrder("1");
        var made = await provider.AdvanceLaunchAsync(order, LaunchProgress.Begin, Ct);
        _world.Behaviour.Next(FakeOperation.Delete, new FakeFate { LosesAnswer = true });
        var delete = new DeleteOrder("1", order.Token, made.ExternalId);

        await Assert.ThrowsAsync<ProviderException>(() => provider.AdvanceDeleteAsync(delete, Ct).AsTask());

        Assert.Empty(Cloud.Truth.Servers);
        Assert.True((await provider.AdvanceDeleteAsync(delete, Ct)).IsGone);
    }

    [Fact]
    public async Task Odds_OfAThird_StrikeAboutAThirdOfThatOperationOnly()
    {
        _world.Behaviour.Odds = [new(FakeOperation.Limits, FakeFate.Fails(ProviderFault.Throttled), 1.0 / 3)];
        var provider = _world.Open();
        var faults = 0;
        for (var i = 0; i < 300; i++)
        {
            await provider.ListResourcesAsync(Ct).ToListAsync(Ct);
            faults += await CountFaultAsync(provider);
        }

        Assert.InRange(faults, 70, 130);
        Assert.Equal(300, Cloud.Count(FakeOperation.Limits));
    }

    [Fact]
    public async Task Decide_ByOperationAndSubject_OverridesEverythingElse()
    {
        var order = _world.NewOrder("1");
        _world.Behaviour.Decide = (operation, subject) =>
            operation == FakeOperation.Create && subject == order.Token ? FakeFate.Fails(ProviderFault.Rejected) : null;

        Assert.Equal(ProviderFault.Rejected, await FaultOfAsync(_world.Open(), order));
        Assert.Null(await FaultOfAsync(_world.Open(), _world.NewOrder("2")));
        Assert.Equal([order.Token, "token-2"], Cloud.Calls.Select(call => call.Subject));
    }

    [Fact]
    public async Task Upload_CutOff_LeavesAnImageThatRefusesLaunches()
    {
        _world.Behaviour.UploadLatency = TimeSpan.FromSeconds(10);
        using var death = new CancellationTokenSource();
        var upload = ((FakeProvider)_world.Open()).UploadImageAsync(_world.NewUpload("half"), new Progress<double>(), death.Token).AsTask();
        await death.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => upload);
        var half = Assert.Single(Cloud.Truth.Images);

        Assert.False(half.IsReady);
        Assert.Equal(ProviderFault.Rejected, await FaultOfAsync(_world.Open(), _world.NewOrder("1") with { ImageExternalId = half.Id }));
    }

    [Fact]
    public async Task Launch_FromAnImageOfTheCloud_NeedsNoUpload()
    {
        var order = _world.NewOrder("1") with { Label = new() { Name = "l", CloudImage = "debian" }, ImageExternalId = "debian" };

        Assert.Null(await FaultOfAsync(_world.Open(), order));
    }

    [Fact]
    public async Task Upload_WithoutTheWantedFormat_IsRejected()
    {
        var order = _world.NewUpload("image") with { Files = new Dictionary<string, string> { ["raw"] = "/nowhere.raw" } };

        var error = await Assert.ThrowsAsync<ProviderException>(
            () => ((FakeProvider)_world.Open()).UploadImageAsync(order, new Progress<double>(), Ct).AsTask());

        Assert.Equal(ProviderFault.Rejected, error.Fault);
        Assert.Contains("no qcow2 file", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Addresses_OfManyInstances_AreUniqueAndFound()
    {
        var provider = _world.Open();
        var addresses = new HashSet<string>();
        for (var i = 0; i < 1000; i++)
        {
            addresses.Add((await provider.AdvanceLaunchAsync(_world.NewOrder($"{i}"), LaunchProgress.Begin, Ct)).Instance!.InterfaceIp);
        }

        Assert.Equal(1000, addresses.Count);
        Assert.All(addresses, address => Assert.NotNull(Cloud.At(address)));
    }

    private static async Task<ProviderFault?> FaultOfAsync(IProvider provider, LaunchOrder order)
    {
        try
        {
            await provider.AdvanceLaunchAsync(order, LaunchProgress.Begin, Ct);
            return null;
        }
        catch (ProviderException e)
        {
            return e.Fault;
        }
    }

    private static async Task<int> CountFaultAsync(IProvider provider)
    {
        try
        {
            await provider.GetLimitsAsync(FakeWorld.Config, Ct);
            return 0;
        }
        catch (ProviderException)
        {
            return 1;
        }
    }
}
