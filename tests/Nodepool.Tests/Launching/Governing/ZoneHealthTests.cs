using Nodepool.Core.Launching.Governing;

namespace Nodepool.Tests.Launching.Governing;

public sealed class ZoneHealthTests
{
    private readonly ZoneHealth _zones = new();

    public ZoneHealthTests()
    {
        Succeed("a", 10);
        Succeed("b", 20);
    }

    [Fact]
    public void ZonesThatDifferALittle_AreAllUsed() => Assert.Empty(_zones.Look(now: 0).Avoided);

    [Fact]
    public void SlowZone_IsAvoided()
    {
        Succeed("c", 60);

        Assert.Equal(["c"], _zones.Look(now: 0).Avoided);
    }

    [Fact]
    public void ZoneWhereLaunchesFail_IsAvoided()
    {
        Fail("b");

        Assert.Equal(["b"], _zones.Look(now: 0).Avoided);
        _zones.Succeeded("b", 20);
        Assert.Empty(_zones.Look(now: 1).Avoided);
    }

    [Fact]
    public void AvoidedZone_GetsOneLaunchNowAndThen()
    {
        Fail("b");
        Assert.Null(_zones.Look(now: 0).Probed);
        Assert.Null(_zones.Look(now: 119).Probed);
        Assert.Equal("b", _zones.Look(now: 120).Probed);
        Assert.Equal("b", _zones.Look(now: 121).Probed);
        _zones.Began("b", begun: 122);
        Assert.Null(_zones.Look(now: 241).Probed);
        Assert.Equal("b", _zones.Look(now: 242).Probed);
        Assert.Equal(["b"], _zones.Look(now: 242).Avoided);
    }

    [Fact]
    public void WhereAllAreBad_NoneIsAvoided()
    {
        Fail("a");
        Fail("b");

        Assert.Empty(_zones.Look(now: 0).Avoided);
    }

    private void Succeed(string zone, double seconds)
    {
        for (var i = 0; i < 5; i++)
        {
            _zones.Succeeded(zone, seconds);
        }
    }

    private void Fail(string zone)
    {
        for (var i = 0; i < 3; i++)
        {
            _zones.Failed(zone);
        }
    }
}
