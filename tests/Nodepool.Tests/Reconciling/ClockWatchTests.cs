using Nodepool.Core.Reconciling;

namespace Nodepool.Tests.Reconciling;

public sealed class ClockWatchTests
{
    private readonly HandClock _clock = new();
    private readonly ClockWatch _watch;

    public ClockWatchTests() => _watch = new ClockWatch(_clock);

    [Fact]
    public void TimeThatPasses_IsNoLeap()
    {
        _clock.Pass(TimeSpan.FromHours(3));
        Assert.Null(_watch.Look());

        // Corrected bit by bit.
        _clock.Set(TimeSpan.FromSeconds(20));
        Assert.Null(_watch.Look());
    }

    [Fact]
    public void SetForward_IsRememberedWithWhatItShowedThen()
    {
        _clock.Pass(TimeSpan.FromSeconds(5));
        _clock.Set(TimeSpan.FromHours(26));
        var shown = _clock.Shown;
        Assert.Equal(shown, _watch.Look());

        _clock.Pass(TimeSpan.FromMinutes(1));
        Assert.Equal(shown, _watch.Look());
    }

    [Fact]
    public void SetBack_EndsTheMemory()
    {
        _clock.Set(TimeSpan.FromHours(26));
        Assert.NotNull(_watch.Look());

        _clock.Set(TimeSpan.FromHours(-50));
        Assert.Null(_watch.Look());
    }
}
