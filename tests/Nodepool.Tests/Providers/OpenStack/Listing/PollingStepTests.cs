using Microsoft.Extensions.Time.Testing;
using Nodepool.Providers.OpenStack.Listing;

namespace Nodepool.Tests.Providers.OpenStack.Listing;

public sealed class PollingStepTests
{
    private readonly FakeTimeProvider _time = new();
    private readonly PollingStep _step;

    public PollingStepTests() => _step = new PollingStep(_time);

    [Fact]
    public void UntilNext_OfTheFirst_IsAtOnce() => Assert.Equal(TimeSpan.Zero, _step.UntilNext());

    [Fact]
    public void UntilNext_RightAfterAListing_IsTheStep()
    {
        List(TimeSpan.FromMilliseconds(200));

        Assert.Equal(TimeSpan.FromMilliseconds(800), _step.UntilNext());
    }

    [Fact]
    public void UntilNext_AfterAPause_IsAtOnceAndLengthensTheStep()
    {
        List(TimeSpan.Zero);
        _time.Advance(TimeSpan.FromMinutes(1));

        Assert.Equal(TimeSpan.Zero, _step.UntilNext());
        Assert.Equal(_step.Longest, _step.Current);
    }

    [Fact]
    public void Step_WhileSomebodyWaits_HalvesDownToTheShortest()
    {
        List(TimeSpan.Zero);
        _time.Advance(TimeSpan.FromMinutes(1));
        _step.UntilNext();
        var steps = new List<double>();
        for (var i = 0; i < 4; i++)
        {
            List(TimeSpan.Zero);
            steps.Add(_step.UntilNext().TotalSeconds);
            _time.Advance(_step.UntilNext());
        }

        Assert.Equal([2, 1, 1, 1], steps);
    }

    [Fact]
    public void Step_OfARestrictedRate_LeavesMostCallsToOthers()
    {
        var step = new PollingStep(_time, TimeSpan.FromSeconds(1));
        step.Begin();
        step.End();

        Assert.Equal(TimeSpan.FromSeconds(4), step.UntilNext());
        Assert.Equal(TimeSpan.FromSeconds(16), step.Longest);
    }

    [Fact]
    public void Step_OfASlowCloud_LeavesItNoLessTimeThanItNeeds()
    {
        List(TimeSpan.FromSeconds(6));

        Assert.Equal(TimeSpan.FromSeconds(6), _step.Current);
        Assert.Equal(TimeSpan.Zero, _step.UntilNext());
    }

    private void List(TimeSpan duration)
    {
        _step.Begin();
        _time.Advance(duration);
        _step.End();
    }
}
