using Nodepool.Core.Reconciling;

namespace Nodepool.Tests.Reconciling;

public sealed class BackoffTests
{
    [Theory]
    [InlineData(1, 0.0, 0.5)]
    [InlineData(1, 0.999999, 1.0)]
    [InlineData(2, 0.999999, 2.0)]
    [InlineData(5, 0.999999, 16.0)]
    [InlineData(6, 0.999999, 20.0)]
    [InlineData(1000, 0.0, 10.0)]
    public void Delay_Doubles_UpToTheCap(int failures, double random, double expectedSeconds) =>
        Assert.Equal(expectedSeconds, Backoff.Delay(failures, TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(20), random).TotalSeconds, 3);

    [Fact]
    public void Delay_WithoutFailure_IsAnError() =>
        Assert.Throws<ArgumentOutOfRangeException>(() => Backoff.Delay(0, TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(2), 0));
}
