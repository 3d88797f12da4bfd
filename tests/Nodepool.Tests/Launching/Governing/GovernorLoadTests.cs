using Nodepool.Testing.Load;

namespace Nodepool.Tests.Launching.Governing;

/// <summary>
/// A launcher under load, as in <c>./dev bench governor</c> with one seed: where a cloud misbehaves the governor makes requests wait less, and where it does not it costs nothing.
/// </summary>
public sealed class GovernorLoadTests
{
    [Fact]
    public void WellBehaved_CostsNothing()
    {
        var (free, governed) = Run("well-behaved");

        Assert.Equal(free.Quantile(0.5), governed.Quantile(0.5), tolerance: 1);
        Assert.True(governed.Quantile(0.99) <= free.Quantile(0.99) * 1.05, $"p99 {governed.Quantile(0.99)} s instead of {free.Quantile(0.99)} s");
        Assert.InRange(governed.Wasted, 0, free.Wasted * 1.1);
    }

    [Theory]
    [InlineData("no answers", 90)]
    [InlineData("black hole", 300)]
    public void BrokenProvider_CostsRequestsSeconds(string scenario, int seconds)
    {
        var (free, governed) = Run(scenario);

        Assert.Equal(0, governed.Failed);
        Assert.InRange(governed.Quantile(0.99), 0, seconds);
        Assert.True(governed.Quantile(0.99) <= free.Quantile(0.99), $"p99 {governed.Quantile(0.99)} s instead of {free.Quantile(0.99)} s");
    }

    [Theory]
    [InlineData("throttling, alone")]
    [InlineData("slow zone")]
    [InlineData("refuses, alone")]
    public void MisbehavingProvider_LetsMoreRequestsBeServedInTime(string scenario)
    {
        var (free, governed) = Run(scenario);

        Assert.True(governed.InTime >= free.InTime - 0.01 && governed.Failed <= free.Failed * 1.1, $"{governed.InTime:P1} in time and {governed.Failed} failed instead of {free.InTime:P1} and {free.Failed}");
    }

    private static (LoadResult Free, LoadResult Governed) Run(string scenario)
    {
        var chosen = LoadScenario.All.Single(each => each.Name == scenario);
        return (LoadRun.Of(chosen, LoadSetting.Free, seed: 1), LoadRun.Of(chosen, LoadSetting.Governed, seed: 1));
    }
}
