using Nodepool.Core.Config;
using Nodepool.Core.Config.Following;

namespace Nodepool.Tests.Config;

public sealed class ConfigPublisherTests
{
    private static readonly NodepoolConfig One = new() { StateDir = "/one" };
    private static readonly NodepoolConfig Two = new() { StateDir = "/two" };

    [Fact]
    public async Task NextAsync_OlderRevision_CompletesAtOnce()
    {
        var source = new ConfigPublisher(One);

        var snapshot = await source.NextAsync(0, CancellationToken.None);

        Assert.Equal(new ConfigSnapshot(1, One), snapshot);
    }

    [Fact]
    public async Task Publish_NewConfig_WakesEveryWaiterOnce()
    {
        var source = new ConfigPublisher(One);
        var (first, second) = (source.NextAsync(1, CancellationToken.None), source.NextAsync(1, CancellationToken.None));
        Assert.False(first.IsCompleted);

        Assert.True(source.Publish(Two));

        Assert.Equal(new ConfigSnapshot(2, Two), await first);
        Assert.Equal(new ConfigSnapshot(2, Two), await second);
        Assert.False(source.NextAsync(2, CancellationToken.None).IsCompleted);
    }

    [Fact]
    public void Publish_EqualConfig_KeepsTheRevision()
    {
        var source = new ConfigPublisher(One);

        Assert.False(source.Publish(new NodepoolConfig { StateDir = "/one" }));

        Assert.Equal(1, source.Current.Revision);
    }

    [Fact]
    public async Task NextAsync_Cancelled_ThrowsAndForgetsTheWaiter()
    {
        var source = new ConfigPublisher(One);
        using var stop = new CancellationTokenSource();
        var waiting = source.NextAsync(1, stop.Token);

        await stop.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => waiting);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => source.NextAsync(0, stop.Token));
        Assert.True(source.Publish(Two));
    }

    [Fact]
    public void Refuse_ThenGoodVersion_ForgetsTheFailureAlsoWhenNothingChanged()
    {
        var source = new ConfigPublisher(One);
        source.Refuse(new ConfigFailure(DateTimeOffset.UnixEpoch, ConfigSamples.Read("labels: 5")));
        Assert.Equal(One, source.Current.Config);
        Assert.NotNull(source.LastFailure);

        source.Publish(One);

        Assert.Null(source.LastFailure);
    }
}
