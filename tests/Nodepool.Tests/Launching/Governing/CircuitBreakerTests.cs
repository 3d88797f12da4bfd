using Nodepool.Core.Launching.Governing;

namespace Nodepool.Tests.Launching.Governing;

public sealed class CircuitBreakerTests
{
    private readonly CircuitBreaker _breaker = new(threshold: 3);

    [Fact]
    public void Failures_InARow_OpenIt()
    {
        Assert.False(Fail(begun: 0, now: 1));
        Assert.False(Fail(begun: 0, now: 2));
        Assert.True(Fail(begun: 0, now: 3));

        Assert.Equal((3.0, 3.0, 13.0), (_breaker.OpenSince, _breaker.TrippedAt, _breaker.ProbeAt));
        Assert.Equal("broken", _breaker.Failure);
    }

    [Fact]
    public void Success_InBetween_KeepsItClosed()
    {
        Fail(begun: 0, now: 1);
        Fail(begun: 0, now: 2);
        Assert.False(_breaker.Succeeded());
        Fail(begun: 0, now: 3);

        Assert.Null(_breaker.OpenSince);
    }

    [Fact]
    public void WhatWasBegunBefore_DoesNotPutTheProbeOff()
    {
        Open();

        Assert.False(Fail(begun: 2, now: 12));
        Assert.Equal(13, _breaker.ProbeAt);
    }

    [Fact]
    public void FailedProbe_WaitsLonger_UpToAQuarterOfAMinute()
    {
        Open();

        Assert.False(Fail(begun: 13, now: 14));
        Assert.Equal((3.0, 14.0, 29.0), (_breaker.OpenSince, _breaker.TrippedAt, _breaker.ProbeAt));
        for (var now = 100; now < 2000; now += 100)
        {
            Fail(begun: now, now);
        }

        Assert.Equal(1900 + 15, _breaker.ProbeAt);
    }

    [Fact]
    public void Success_ClosesIt_AndForgetsHowLongItWaited()
    {
        Open();
        Fail(begun: 13, now: 14);

        Assert.True(_breaker.Succeeded());
        Assert.Null(_breaker.OpenSince);
        Open();
        Assert.Equal(13, _breaker.ProbeAt);
    }

    private void Open()
    {
        Fail(begun: 0, now: 3);
        Fail(begun: 0, now: 3);
        Assert.True(Fail(begun: 0, now: 3));
    }

    private bool Fail(double begun, double now) => _breaker.Failed("broken", isRefusal: false, begun, now, chance: 1);
}
