using Microsoft.Extensions.Time.Testing;
using Nodepool.Providers.OpenStack.Access;
using Nodepool.Providers.OpenStack.Access.Transport;

namespace Nodepool.Tests.Providers.OpenStack.Access;

public sealed class CallPacerTests
{
    private readonly FakeTimeProvider _time = new();

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Enter_WithInterval_LetsOneInAtATime()
    {
        var pacer = new CallPacer(_time) { Interval = TimeSpan.FromSeconds(2) };
        (await pacer.EnterAsync(CallPriority.Usual, Ct)).Dispose();

        var second = pacer.EnterAsync(CallPriority.Usual, Ct).AsTask();
        var third = pacer.EnterAsync(CallPriority.Usual, Ct).AsTask();
        _time.Advance(TimeSpan.FromSeconds(1.9));
        Assert.False(second.IsCompleted);
        _time.Advance(TimeSpan.FromSeconds(0.1));
        await second;
        Assert.False(third.IsCompleted);
        _time.Advance(TimeSpan.FromSeconds(2));
        await third;
    }

    [Fact]
    public async Task Enter_AfterAQuietTime_GathersNoCredit()
    {
        var pacer = new CallPacer(_time) { Interval = TimeSpan.FromSeconds(2) };
        await pacer.EnterAsync(CallPriority.Usual, Ct);
        _time.Advance(TimeSpan.FromHours(1));

        await pacer.EnterAsync(CallPriority.Usual, Ct);
        Assert.False(pacer.EnterAsync(CallPriority.Usual, Ct).AsTask().IsCompleted);
    }

    [Fact]
    public async Task Enter_WhoIsMoreUrgent_GoesFirst()
    {
        var pacer = new CallPacer(_time, most: 1);
        var turn = await pacer.EnterAsync(CallPriority.Usual, Ct);
        var order = new List<string>();
        var last = TakeAsync(CallPriority.Last, "last");
        var first = TakeAsync(CallPriority.Usual, "usual 1");
        var second = TakeAsync(CallPriority.Usual, "usual 2");
        var urgent = TakeAsync(CallPriority.First, "first");
        Assert.Empty(order);

        turn.Dispose();
        await Task.WhenAll(last, first, second, urgent);

        Assert.Equal(["first", "usual 1", "usual 2", "last"], order);

        async Task TakeAsync(CallPriority priority, string name)
        {
            using var own = await pacer.EnterAsync(priority, Ct);
            order.Add(name);
        }
    }

    [Fact]
    public async Task Enter_WhoGivesUp_TakesNoTurn()
    {
        var pacer = new CallPacer(_time, most: 1);
        var turn = await pacer.EnterAsync(CallPriority.Usual, Ct);
        using var end = new CancellationTokenSource();
        var gone = pacer.EnterAsync(CallPriority.Usual, end.Token).AsTask();
        var next = pacer.EnterAsync(CallPriority.Usual, Ct).AsTask();

        await end.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => gone);
        turn.Dispose();
        turn.Dispose();

        (await next).Dispose();
    }

    [Fact]
    public async Task Enter_IntervalTakenAway_LetsAllIn()
    {
        var pacer = new CallPacer(_time) { Interval = TimeSpan.FromHours(1) };
        await pacer.EnterAsync(CallPriority.Usual, Ct);
        var waiting = pacer.EnterAsync(CallPriority.Usual, Ct).AsTask();
        pacer.Interval = TimeSpan.Zero;

        await pacer.EnterAsync(CallPriority.Usual, Ct);
        await waiting;
    }
}
