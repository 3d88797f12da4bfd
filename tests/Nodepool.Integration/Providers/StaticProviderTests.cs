using Nodepool.Core.Providers;

namespace Nodepool.Integration.Providers;

public sealed class StaticProviderTests
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Launch_OfARealHost_ReportsTheKeysThatItShows()
    {
        var sshd = await Sshd.StartAsync("ed25519", "ecdsa");
        await using var world = new StaticWorld(sshd, sshd.Keys[0], slots: 1);
        await using var provider = world.Open();

        var end = await provider.AdvanceLaunchAsync(world.NewOrder("1"), LaunchProgress.Begin, Ct);

        Assert.Equal(sshd.Keys, end.Instance!.HostKeys);
    }

    [Fact]
    public async Task Launch_OfARealHostWithAnotherKey_IsRejected()
    {
        await using var other = await Sshd.StartAsync("ed25519");
        await using var world = new StaticWorld(await Sshd.StartAsync("ed25519"), other.Keys[0], slots: 1);
        await using var provider = world.Open();
        var order = world.NewOrder("1");

        var first = await provider.AdvanceLaunchAsync(order, LaunchProgress.Begin, Ct);
        var error = await Assert.ThrowsAsync<ProviderException>(() => provider.AdvanceLaunchAsync(order, first, Ct).AsTask());

        Assert.Equal(ProviderFault.Rejected, error.Fault);
        Assert.Contains("does not show its configured host key", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Launches_OfTwoProcessesAtOnce_GetSlotsOfTheirOwn()
    {
        const int Slots = 12;
        var sshd = await Sshd.StartAsync("ed25519");
        await using var world = new StaticWorld(sshd, sshd.Keys[0], Slots);
        await using var one = world.Open();
        await using var two = world.Open();
        var orders = Enumerable.Range(0, Slots).Select(i => world.NewOrder($"{i}")).ToList();

        // Both processes launch every node, as when one takes over from another that is not quite dead.
        var ends = await Task.WhenAll(orders.SelectMany(order => new[] { one, two }.Select(
            provider => Task.Run(() => LaunchAsync(provider, order), Ct))));

        Assert.Equal(Slots, ends.Distinct().Count());
        Assert.All(ends.Chunk(2), pair => Assert.Equal(pair[0], pair[1]));
        Assert.Equal(Slots, (await one.ListResourcesAsync(Ct).ToListAsync(Ct)).Count);
    }

    private static async Task<string> LaunchAsync(IProvider provider, LaunchOrder order)
    {
        var progress = LaunchProgress.Begin;
        while (progress.Instance is null)
        {
            progress = await provider.AdvanceLaunchAsync(order, progress, Ct);
        }

        return progress.ExternalId!;
    }
}
