using Nodepool.Roles;

namespace Nodepool.Tests.Roles;

public sealed class StopSignalTests : IDisposable
{
    private readonly StopSignal _signal = new();
    private int _reloads;

    public void Dispose() => _signal.Dispose();

    [Fact]
    public void Raise_OnceAndTwice_AsksInOrderThenAtOnce()
    {
        _signal.Raise();
        Assert.Equal((true, false), (_signal.Requested.IsCancellationRequested, _signal.Immediately.IsCompleted));

        _signal.Raise();
        Assert.True(_signal.Immediately.IsCompleted);
    }

    [Theory]
    [InlineData(false, false, 1, false)]
    [InlineData(true, false, 0, true)]
    [InlineData(true, true, 1, false)]
    public void Hangup_OfARole_ReloadsUnlessItsTerminalHasGone(bool isGone, bool isOutlived, int reloads, bool stops)
    {
        _signal.Reload = () => _reloads++;

        _signal.Hangup(isGone, isOutlived);

        Assert.Equal((reloads, stops), (_reloads, _signal.Requested.IsCancellationRequested));
    }

    [Theory]
    [InlineData(false, true)]
    [InlineData(true, false)]
    public void Hangup_OfACommand_EndsItUnlessItIsToOutliveItsTerminal(bool isOutlived, bool stops)
    {
        _signal.Hangup(isTerminalGone: true, isOutlived);

        Assert.Equal(stops, _signal.Requested.IsCancellationRequested);
    }
}
