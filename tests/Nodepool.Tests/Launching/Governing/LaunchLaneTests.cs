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
    public void Patience_IsThreeTimesWhatTheFastestTake_Coarsely()
    {
        Succeed(40, times: 8);
        Succeed(400, times: 12);

        Assert.InRange(_lane.Patience(Timeout), 3 * 40, 3 * 40 * 1.25);
        Assert.Equal(50, _lane.Patience(TimeSpan.FromSeconds(100)));
    }

    [Fact]
    public void Usual_IsWhatLaunchesTookAMomentAgo()
    {
        Succeed(40, times: 8);

        Assert.InRange(_lane.Terms(null, _now).Usual!.Value, 40, 40 * 1.25);
        Assert.Null(_lane.Terms(null, _now + 601).Usual);
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
        Judge(isLate: true, times: 12);
        Assert.Equal(12, _lane.Limit.Current);
        Judge(isLate: false, times: 12);
        Judge(isLate: true, times: 6);

        Assert.Equal(12, _lane.Limit.Current);
    }

    [Fact]
    public void SlowForReasonsOfItsOwn_IsCutNoMore_AndTakenForUsual()
    {
        Succeed(10, times: 20);
        Judge(isLate: true, times: 36);
        Assert.NotNull(_lane.Limit.Current);
        Judge(isLate: true, times: 12);

        Assert.Null(_lane.Limit.Current);
        Assert.InRange(_lane.Patience(Timeout), 6 * 10, 6 * 10 * 1.25);
    }

    [Fact]
    public void LaunchesBegunBeforeACut_SayNothingAboutIt()
    {
        Judge(isLate: true, times: 12);
        for (var i = 0; i < 100; i++)
        {
            _lane.Punctuality.Judge(isLate: true, _lane.InFlight, begun: 1, _now);
        }

        Assert.Equal(12, _lane.Limit.Current);
    }

    [Fact]
    public void FewLateOnes_AreNobodysConcern()
    {
        for (var i = 0; i < 50; i++)
        {
            Judge(isLate: false, times: 2);
            Judge(isLate: true);
        }

        Assert.Null(_lane.Limit.Current);
        Assert.False(_lane.Punctuality.IsPoor);
    }

    private void Judge(bool isLate, int times = 1)
    {
        for (var i = 0; i < times; i++)
        {
            _now++;
            _lane.Punctuality.Judge(isLate, _lane.InFlight, _now - 0.5, _now);
        }
    }

    private bool Succeed(double seconds, int times = 1)
    {
        var closed = false;
        for (var i = 0; i < times; i++)
        {
            _now++;
            _lane.Times.Add(seconds, _now);
            closed |= _lane.Succeeded(_now);
        }

        return closed;
    }

    private void Fail() => _lane.Failed("broken", isRefusal: false, ++_now - 0.5, _now, 0.5);
}
