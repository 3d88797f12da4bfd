using Nodepool.Core.Config.Reading;

namespace Nodepool.Tests.Config;

public sealed class DurationsTests
{
    [Theory]
    [InlineData("10s", "10")]
    [InlineData("10m", "600")]
    [InlineData("5 min", "300")]
    [InlineData("1H", "3600")]
    [InlineData("2d", "172800")]
    [InlineData("h", null)]
    [InlineData("-1h", null)]
    [InlineData("1.5h", null)]
    [InlineData("99999999999999999999d", null)]
    [InlineData("9999999999d", null)]
    [InlineData("fast", null)]
    public void ToSeconds_UnderstandsOneNumberAndOneUnit(string text, string? expected) => Assert.Equal(expected, Durations.ToSeconds(text));
}
