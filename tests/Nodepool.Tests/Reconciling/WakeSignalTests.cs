using Microsoft.Extensions.Time.Testing;
using Nodepool.Core.Reconciling;

namespace Nodepool.Tests.Reconciling;

public sealed class WakeSignalTests
{
    private readonly FakeTimeProvider _time = new();

    [Fact]
    public async Task Wait_SetBefore_EndsAtOnceAndOnlyOnce()
    {
        using var signal = new WakeSignal(_time);
        signal.Set();
        signal.Set();

        await signal.WaitAsync(TimeSpan.FromHours(1), CancellationToken.None);
        var second = signal.WaitAsync(TimeSpan.FromHours(1), CancellationToken.None).AsTask();

        Assert.False(second.IsCompleted);
        _time.Advance(TimeSpan.FromHours(1));
        await second;
    }

    [Fact]
    public async Task Wait_SetDuring_Ends()
    {
        using var signal = new WakeSignal(_time);
        var wait = signal.WaitAsync(Timeout.InfiniteTimeSpan, CancellationToken.None).AsTask();

        signal.Set();

        await wait;
    }

    [Fact]
    public async Task Wait_Cancelled_Throws()
    {
        using var signal = new WakeSignal(_time);
        using var cancel = new CancellationTokenSource();
        var wait = signal.WaitAsync(Timeout.InfiniteTimeSpan, cancel.Token).AsTask();

        await cancel.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => wait);
    }
}
