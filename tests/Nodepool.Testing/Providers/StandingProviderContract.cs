using Nodepool.Core.Collections;
using Nodepool.Core.Config;
using Nodepool.Core.Providers;
using Xunit;

namespace Nodepool.Testing.Providers;

/// <summary>What the launcher relies on in every driver whose machines exist already.</summary>
public abstract class StandingProviderContract
{
    /// <summary>A fresh world for one test: a host that is well.</summary>
    protected abstract ValueTask<IStandingWorld> CreateWorldAsync();

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Check_OfAHostThatShowsItsKeys_GivesAllThatItShows()
    {
        await using var world = await CreateWorldAsync();
        await using var provider = world.Open();

        Assert.Equal(world.Keys, await CheckAsync(world, provider, world.Host with { HostKeys = [world.Keys[^1]] }));
        Assert.Equal(world.Keys, await CheckAsync(world, provider, world.Host with { HostKeys = [] }));
    }

    [Fact]
    public async Task Check_OfAHostThatLacksAConfiguredKey_IsRejected()
    {
        await using var world = await CreateWorldAsync();
        await using var provider = world.Open();

        var error = await Assert.ThrowsAsync<ProviderException>(() => CheckAsync(world, provider, world.Host with { HostKeys = [world.Keys[0], "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIFOREIGN"] }));

        Assert.Equal(ProviderFault.Rejected, error.Fault);
        Assert.Contains("does not show its configured host key", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Check_OfAHostThatIsDown_IsUnavailableAndWellWhenItIsBack()
    {
        await using var world = await CreateWorldAsync();
        await using var provider = world.Open();
        var host = world.Host with { Timeout = TimeSpan.FromSeconds(1) };

        await world.StopHostAsync();
        var error = await Assert.ThrowsAsync<ProviderException>(() => CheckAsync(world, provider, host));
        await world.StartHostAsync();

        Assert.Equal(ProviderFault.Unavailable, error.Fault);
        Assert.Contains(host.Id, error.Message, StringComparison.Ordinal);
        Assert.Equal(world.Keys, await CheckAsync(world, provider, world.Host));
    }

    [Fact]
    public async Task Check_WithoutHostKeyChecking_TrustsTheConfiguration()
    {
        await using var world = await CreateWorldAsync();
        await using var provider = world.Open();
        await world.StopHostAsync();

        Assert.Equal(["ssh-rsa X"], await CheckAsync(world, provider, world.Host with { HostKeyChecking = false, HostKeys = ["ssh-rsa X"] }));
    }

    [Fact]
    public async Task Launch_IsRejected_AndADeletionHasNothingToDo()
    {
        await using var world = await CreateWorldAsync();
        await using var provider = world.Open();
        var order = LaunchOrders.New(world.Config, "1", "np-1");

        var error = await Assert.ThrowsAsync<ProviderException>(() => provider.AdvanceLaunchAsync(order, LaunchProgress.Begin, Ct).AsTask());
        var deletion = await provider.AdvanceDeleteAsync(new DeleteOrder("1", "np-1", world.Host.Name), Ct);

        Assert.Equal(ProviderFault.Rejected, error.Fault);
        Assert.True(deletion.IsGone);
        Assert.Empty(await provider.ListResourcesAsync(Ct).ToListAsync(Ct));
    }

    private static async Task<ValueList<string>> CheckAsync(IStandingWorld world, IProvider provider, MachineConfig host) =>
        await world.FinishAsync(((IStandingProvider)provider).CheckAsync(host, Ct).AsTask());
}
