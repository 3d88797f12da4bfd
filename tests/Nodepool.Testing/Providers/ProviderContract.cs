using Nodepool.Core;
using Nodepool.Core.Providers;
using Xunit;

namespace Nodepool.Testing.Providers;

/// <summary>
/// What the launcher relies on in every driver. A driver's test class inherits it and supplies the world; nothing is asked of a driver
/// that the comments on <see cref="IProvider"/> do not promise. Every test launches at most two nodes.
/// </summary>
public abstract class ProviderContract
{
    /// <summary>A fresh world for one test.</summary>
    protected abstract ValueTask<IProviderWorld> CreateWorldAsync();

    /// <summary>Ends the test that runs.</summary>
    protected static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Launch_RunToTheEnd_DescribesTheInstance()
    {
        await using var world = await CreateWorldAsync();
        await using var run = new ProviderRun(world);
        var order = world.NewOrder("1");

        var end = await run.LaunchAsync(order);

        Assert.NotEmpty(end.Instance!.ExternalId);
        Assert.NotEmpty(end.Instance.InterfaceIp);
        Assert.Equal(end.Instance.ExternalId, end.ExternalId);
        Assert.Equal([end.ExternalId], await run.InstancesOfAsync(order));
    }

    [Fact]
    public async Task Launch_RepeatedFromEveryStep_EndsInTheSameInstance()
    {
        await using var world = await CreateWorldAsync();
        await using var run = new ProviderRun(world);
        var order = world.NewOrder("1");
        var end = await run.LaunchAsync(order);

        foreach (var step in run.Steps.ToList())
        {
            var again = await run.LaunchAsync(order, step with { Instance = null });
            Assert.Equal(end.Instance, again.Instance);
        }

        Assert.Equal([end.ExternalId], await run.InstancesOfAsync(order));
    }

    [Fact]
    public async Task Launch_ContinuedByAnotherProcess_AdoptsWhatTheFirstMade()
    {
        await using var world = await CreateWorldAsync();
        await using var dead = new ProviderRun(world);
        await using var alive = new ProviderRun(world);
        var order = world.NewOrder("1");
        await dead.StepAsync(order, LaunchProgress.Begin);

        var end = await alive.LaunchAsync(order);

        Assert.Equal([end.ExternalId], await alive.InstancesOfAsync(order));
    }

    [Fact]
    public async Task Launch_OfTwoNodes_MakesTwoInstances()
    {
        await using var world = await CreateWorldAsync();
        await using var run = new ProviderRun(world);
        var (one, two) = (world.NewOrder("1"), world.NewOrder("2"));

        var first = await run.LaunchAsync(one);
        var second = await run.LaunchAsync(two);

        Assert.NotEqual(first.ExternalId, second.ExternalId);
        Assert.Equal([first.ExternalId], await run.InstancesOfAsync(one));
        Assert.Equal([second.ExternalId], await run.InstancesOfAsync(two));
    }

    [Fact]
    public async Task Launch_Cancelled_IsFinishedByALaterCall()
    {
        await using var world = await CreateWorldAsync();
        await using var run = new ProviderRun(world);
        var order = world.NewOrder("1");
        await run.CancelledStepAsync(order);

        var end = await run.LaunchAsync(order);

        Assert.Equal([end.ExternalId], await run.InstancesOfAsync(order));
    }

    [Fact]
    public async Task Listing_OfAnInstance_HasItsMetadataAndCost()
    {
        await using var world = await CreateWorldAsync();
        await using var run = new ProviderRun(world);
        var order = world.NewOrder("1");
        var end = await run.LaunchAsync(order);

        var resource = Assert.Single(await run.ListAsync(), resource => resource.ExternalId == end.ExternalId);

        Assert.Equal(CloudResource.InstanceType, resource.Type);
        Assert.False(string.IsNullOrEmpty(resource.Name), "people look for machines by their names");
        Assert.All(order.Metadata, pair => Assert.Equal(pair.Value, resource.Metadata.GetValueOrDefault(pair.Key)));
        Assert.Equal(1, resource.Cost.Amounts.GetValueOrDefault(Quota.Instances));
    }

    [Fact]
    public async Task Limits_OfAnEmptyCloud_HaveRoomForANode()
    {
        await using var world = await CreateWorldAsync();
        await using var run = new ProviderRun(world);
        var order = world.NewOrder("1");

        var cost = run.Provider.GetCost(order.Pool, order.Label);

        Assert.Equal(1, cost.Amounts[Quota.Instances]);
        Assert.Null(cost.FirstExceeding(await world.FinishAsync(run.Provider.GetLimitsAsync(world.Config, Ct).AsTask())));
    }

    [Fact]
    public async Task Delete_UntilGone_LeavesNothing()
    {
        await using var world = await CreateWorldAsync();
        await using var run = new ProviderRun(world);
        var order = world.NewOrder("1");
        var end = await run.LaunchAsync(order);

        await run.DeleteAsync(new(order.NodeId, order.Token, end.ExternalId));

        Assert.Empty(await run.InstancesOfAsync(order));
        Assert.True((await run.DeleteStepAsync(new(order.NodeId, order.Token, end.ExternalId))).IsGone);
    }

    [Fact]
    public async Task Delete_WithoutTheId_FindsTheInstanceByItsToken()
    {
        await using var world = await CreateWorldAsync();
        await using var run = new ProviderRun(world);
        var order = world.NewOrder("1");
        await run.LaunchAsync(order);

        await run.DeleteAsync(new(order.NodeId, order.Token, ExternalId: null));

        Assert.Empty(await run.InstancesOfAsync(order));
    }

    [Fact]
    public async Task Delete_OfAnUnfinishedLaunch_LeavesNothing()
    {
        await using var world = await CreateWorldAsync();
        await using var run = new ProviderRun(world);
        var order = world.NewOrder("1");
        await run.StepAsync(order, LaunchProgress.Begin);

        await run.DeleteAsync(new(order.NodeId, order.Token, ExternalId: null));

        Assert.Empty(await run.InstancesOfAsync(order));
    }

    [Fact]
    public async Task Delete_OfTheUnknown_IsSuccess()
    {
        await using var world = await CreateWorldAsync();
        await using var run = new ProviderRun(world);
        var order = world.NewOrder("1");

        Assert.True((await run.DeleteStepAsync(new(order.NodeId, order.Token, ExternalId: null))).IsGone);
        Assert.True((await run.DeleteStepAsync(new(order.NodeId, Token: null, "no-such-instance"))).IsGone);
    }

    [Fact]
    public async Task Delete_OfOneNode_LeavesTheOther()
    {
        await using var world = await CreateWorldAsync();
        await using var run = new ProviderRun(world);
        var (one, two) = (world.NewOrder("1"), world.NewOrder("2"));
        var first = await run.LaunchAsync(one);
        var second = await run.LaunchAsync(two);

        await run.DeleteAsync(new(one.NodeId, one.Token, first.ExternalId));

        Assert.Empty(await run.InstancesOfAsync(one));
        Assert.Equal([second.ExternalId], await run.InstancesOfAsync(two));
    }

    [Fact]
    public async Task DeleteResource_OfALeak_LeavesNothing()
    {
        await using var world = await CreateWorldAsync();
        await using var run = new ProviderRun(world);
        var order = world.NewOrder("1");
        var end = await run.LaunchAsync(order);
        var leak = Assert.Single(await run.ListAsync(), resource => resource.ExternalId == end.ExternalId);

        await run.DeleteLeakAsync(leak);
        await run.DeleteLeakAsync(leak);

        Assert.Empty(await run.InstancesOfAsync(order));
    }
}
