using Nodepool.Core.Launching.Governing;

namespace Nodepool.Tests.Launching.Governing;

public sealed class ConcurrencyLimitTests
{
    private readonly ConcurrencyLimit _limit = new();

    [Fact]
    public void NoTrouble_NoLimit()
    {
        _limit.Grow(inFlight: 100, now: 1);

        Assert.Null(_limit.Current);
    }

    [Fact]
    public void Cut_KeepsAPartOfWhatIsUnderWay()
    {
        _limit.Cut(0.7, inFlight: 100, begun: 0, now: 1);

        Assert.Equal(70, _limit.Current);
    }

    [Fact]
    public void ARefusedBurst_CostsOneCut()
    {
        for (var i = 0; i < 50; i++)
        {
            _limit.Cut(0.7, inFlight: 100, begun: 0, now: 1 + i);
        }

        Assert.Equal(70, _limit.Current);
        _limit.Cut(0.7, inFlight: 100, begun: 2, now: 60);
        Assert.Equal(49, _limit.Current);
    }

    [Fact]
    public void Cut_LeavesOne()
    {
        for (var now = 1; now < 100; now++)
        {
            _limit.Cut(0.5, inFlight: 1, begun: now, now: now + 0.5);
        }

        Assert.Equal(1, _limit.Current);
    }

    [Fact]
    public void Growth_IsOnePerRound()
    {
        _limit.Cut(0.5, inFlight: 20, begun: 0, now: 1);
        for (var i = 0; i < 10; i++)
        {
            _limit.Grow(inFlight: 10, now: 2);
        }

        Assert.Equal(11, _limit.Current);
    }

    [Fact]
    public void WhatNobodyNeeds_DoesNotGrow()
    {
        _limit.Cut(0.5, inFlight: 20, begun: 0, now: 1);
        for (var i = 0; i < 100; i++)
        {
            _limit.Grow(inFlight: 3, now: 2);
        }

        Assert.Equal(10, _limit.Current);
    }

    [Fact]
    public void TroubleThatStaysAway_IsForgotten()
    {
        _limit.Cut(0.5, inFlight: 20, begun: 0, now: 1);
        _limit.Grow(inFlight: 3, now: 601);
        Assert.NotNull(_limit.Current);
        _limit.Grow(inFlight: 3, now: 602);

        Assert.Null(_limit.Current);
    }
}
