using Nodepool.Core.Reconciling;

namespace Nodepool.Tests.Reconciling;

public sealed class NextTurnTests
{
    private readonly HandClock _clock = new();
    private readonly NextTurn _turn;

    public NextTurnTests() => _turn = new NextTurn(_clock, TimeSpan.FromMinutes(1));

    [Fact]
    public void Turn_IsDueAtOnceAndAfterEachPause()
    {
        Assert.True(_turn.IsDue);

        _turn.After(TimeSpan.FromSeconds(20));
        Assert.Equal((false, TimeSpan.FromSeconds(20)), (_turn.IsDue, _turn.Wait));
        _clock.Pass(TimeSpan.FromSeconds(20));
        Assert.Equal((true, TimeSpan.Zero), (_turn.IsDue, _turn.Wait));
        _turn.After(TimeSpan.FromSeconds(20));
        _turn.After(TimeSpan.Zero);
        Assert.True(_turn.IsDue);
    }

    [Fact]
    public void ClockThatIsSetBack_KeepsNobodyWaiting()
    {
        _turn.After(TimeSpan.FromMinutes(1));

        _clock.Set(TimeSpan.FromHours(-1));

        Assert.True(_turn.IsDue);
    }
}
