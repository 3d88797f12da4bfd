using Nodepool.Core.Launching.Governing;

namespace Nodepool.Tests.Launching.Governing;

public sealed class LaunchLaneTests
{
    private static readonly TimeSpan Timeout = TimeSpan.FromHours(1);

    private readonly LaunchLane _lane = new() { InFlight = 20 };
    private double _now;

    [Fact]
    public void Patience_WithoutExperience_IsAQuarterOfTheTimeLimit()
    {
        Succeed(10, times: 4);

        Assert.Equal(900, _lane.Patience(Timeout));
    }

    [Fact]
    public void Patience_IsTwiceWhatNearlyAllTake_Coarsely()
    {
        Succeed(40, times: 19);
        Succeed(400);

        Assert.InRange(_lane.Patience(Timeout), 2 * 400, 2 * 400 * 1.25);
        Succeed(40, times: 30);
        Assert.InRange(_lane.Patience(Timeout), 2 * 40, 2 * 40 * 1.25);
        Assert.InRange(_lane.Patience(TimeSpan.FromSeconds(100)), 50, 50);
    }

    [Fact]
    public void Patience_OfFastClouds_IsNotBelowAFewSeconds()
    {
        Succeed(0.5, times: 10);

        Assert.InRange(_lane.Patience(Timeout), 15, 15 * 1.25);
    }

    [Fact]
    public void AFewFailures_DoNotCut()
    {
        for (var i = 0; i < 40; i++)
        {
            Succeed(10, times: 2);
            Fail();
        }

        Assert.Null(_lane.Limit.Current);
        Assert.Null(_lane.Breaker.OpenSince);
    }

    [Fact]
    public void MostFailing_Cuts()
    {
        for (var i = 0; i < 10; i++)
        {
            Succeed(10);
            Fail();
            Fail();
        }

        Assert.InRange(_lane.Limit.Current!.Value, 1, 10);
        Assert.Null(_lane.Breaker.OpenSince);
    }

    [Fact]
    public void OutageThatIsOver_LeavesNoLimit()
    {
        for (var i = 0; i < 30; i++)
        {
            Fail();
        }

        Assert.NotNull(_lane.Breaker.OpenSince);
        Assert.True(Succeed(10));
        Assert.Null(_lane.Breaker.OpenSince);
        Assert.Null(_lane.Limit.Current);
    }

    [Fact]
    public void SlowBecauseTooManyAreUnderWay_StaysCut()
    {
        Succeed(10, times: 20);
        while (_lane.Limit.Current is null)
        {
            Succeed(50);
        }

        Assert.Equal(14, _lane.Limit.Current);
        Succeed(30, times: 8);
        Assert.NotNull(_lane.Limit.Current);
    }

    [Fact]
    public void SlowForReasonsOfItsOwn_IsTheNewUsual()
    {
        Succeed(10, times: 20);
        while (_lane.Limit.Current is null)
        {
            Succeed(50);
        }

        Succeed(50, times: 8);
        Assert.Null(_lane.Limit.Current);
        Succeed(50, times: 60);
        Assert.Null(_lane.Limit.Current);
    }

    private bool Succeed(double seconds, int times = 1)
    {
        var closed = false;
        for (var i = 0; i < times; i++)
        {
            _now++;
            closed |= _lane.Succeeded(seconds, _now - 0.5, _now);
        }

        return closed;
    }

    private void Fail() => _lane.Failed("broken", ++_now - 0.5, _now, 0.5);
}
