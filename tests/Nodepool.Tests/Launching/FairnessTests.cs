namespace Nodepool.Tests.Launching;

/// <summary>What decision 0012 promises, over days with more work than room.</summary>
public sealed class FairnessTests(ITestOutputHelper output)
{
    [Theory]
    [InlineData(12)]
    [InlineData(5)]
    public void LargeRequests_AmongManySmallOnes_AreServedWithinTheBound(int largest)
    {
        for (var seed = 1; seed <= 4; seed++)
        {
            var day = new FairnessDay(seed);
            day.Run(hours: 6, ["a", "b", "limited"], largest);

            output.WriteLine($"seed {seed}: {string.Join(' ', day.Served)}, utilisation {day.Utilisation:P0}");
            Assert.True(day.Broken.Count == 0, $"seed {seed}: {string.Join(Environment.NewLine, day.Broken.Take(10))}");
            Assert.True(day.Served.GetValueOrDefault(largest) > 0 || day.Served.Keys.Max() >= largest / 2, $"seed {seed}: no large request was served");
        }
    }

    [Fact]
    public void Parties_ThatAlwaysWantMore_GetTheSame()
    {
        var day = new FairnessDay(2);
        day.Run(hours: 16, ["busy", "busy", "busy", "calm"], largest: 1);

        // The calm one asks for a quarter of one and a half rooms: it gets nearly all of that.
        var share = day.Used["calm"] / day.Used.Values.Sum();
        Assert.InRange(share, 0.3, 0.5);
    }
}
