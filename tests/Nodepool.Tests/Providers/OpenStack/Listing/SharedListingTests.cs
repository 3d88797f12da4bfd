using Microsoft.Extensions.Time.Testing;
using Nodepool.Core.Providers;
using Nodepool.Providers.OpenStack.Listing;

namespace Nodepool.Tests.Providers.OpenStack.Listing;

public sealed class SharedListingTests : IDisposable
{
    private readonly FakeTimeProvider _time = new();
    private readonly List<TaskCompletionSource<IReadOnlyList<string>>> _calls = [];
    private readonly SharedListing<string> _listing;

    public SharedListingTests() => _listing = new SharedListing<string>(FetchAsync, _time);

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public void Dispose() => _listing.Dispose();

    [Fact]
    public async Task Next_ForAHundredWaiters_IsOneCallBesidesTheOneUnderWay()
    {
        var first = NextAsync();
        var waiters = Enumerable.Range(0, 100).Select(_ => NextAsync()).ToList();
        _calls[0].SetResult(["a"]);
        await first;
        _time.Advance(PollingStep.Least);
        _calls[1].SetResult(["a", "b"]);

        Assert.All(await Task.WhenAll(waiters), listing => Assert.Equal(["a", "b"], listing.Items));
        Assert.Equal(2, _calls.Count);
    }

    [Fact]
    public async Task Next_DuringACall_IsTheCallAfterIt()
    {
        var first = NextAsync();
        var second = NextAsync();
        var late = NextAsync();
        _calls[0].SetResult(["old"]);
        await first;

        // The first made the call begin; the others came when it was under way.
        Assert.False(second.IsCompleted);
        _time.Advance(PollingStep.Least);
        _calls[1].SetResult(["new"]);

        Assert.Equal(["new"], (await second).Items);
        Assert.Same(await second, await late);
    }

    [Fact]
    public async Task After_AMarkTakenBeforeTheCallUnderWay_JoinsIt()
    {
        var mark = _listing.Mark();
        var first = NextAsync();
        var joined = _listing.AfterAsync(mark, Ct).AsTask();
        _calls[0].SetResult([]);

        Assert.Same(await first, await joined);
    }

    [Fact]
    public async Task After_AMarkOfOld_IsAnsweredByTheLatest()
    {
        var mark = _listing.Mark();
        var first = NextAsync();
        _calls[0].SetResult([]);

        Assert.Same(await first, await _listing.AfterAsync(mark, Ct));
        Assert.Single(_calls);
    }

    [Fact]
    public async Task Next_AfterTheLast_WaitsForTheStep()
    {
        await AnsweredAsync(0);
        var next = NextAsync();
        _time.Advance(PollingStep.Least - TimeSpan.FromMilliseconds(1));
        Assert.Single(_calls);

        _time.Advance(TimeSpan.FromMilliseconds(1));
        _calls[1].SetResult([]);

        Assert.Equal(2, (await next).Number);
    }

    [Fact]
    public async Task Nobody_Waiting_IsNoCall()
    {
        await AnsweredAsync(0);

        _time.Advance(TimeSpan.FromHours(1));

        Assert.Single(_calls);
    }

    [Fact]
    public async Task Fault_OfACall_IsForItsWaitersOnly()
    {
        var failing = NextAsync();
        _calls[0].SetException(new ProviderException(ProviderFault.Throttled, "slow down"));
        Assert.Equal(ProviderFault.Throttled, (await Assert.ThrowsAsync<ProviderException>(() => failing)).Fault);

        var next = NextAsync();
        _time.Advance(PollingStep.Least);
        _calls[1].SetResult(["a"]);

        Assert.Equal(["a"], (await next).Items);
    }

    [Fact]
    public async Task Cancellation_OfOneWaiter_LeavesTheOthers()
    {
        using var cancellation = new CancellationTokenSource();
        var leaving = _listing.NextAsync(cancellation.Token).AsTask();
        var staying = _listing.AfterAsync(0, Ct).AsTask();
        await cancellation.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => leaving);

        _calls[0].SetResult(["a"]);

        Assert.Equal(["a"], (await staying).Items);
    }

    [Fact]
    public async Task Within_AnAge_AsksOnlyWhenTheLatestIsOlder()
    {
        await AnsweredAsync(0);
        _time.Advance(TimeSpan.FromSeconds(30));
        await _listing.WithinAsync(TimeSpan.FromSeconds(30), Ct);
        Assert.Single(_calls);

        var fresh = _listing.WithinAsync(TimeSpan.FromSeconds(29), Ct).AsTask();
        _calls[1].SetResult([]);

        Assert.Equal(2, (await fresh).Number);
    }

    [Fact]
    public async Task Disposal_EndsTheWait()
    {
        await AnsweredAsync(0);
        var waiting = NextAsync();

        _listing.Dispose();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => waiting);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(NextAsync);
    }

    private async Task AnsweredAsync(int call)
    {
        var listing = NextAsync();
        _calls[call].SetResult([]);
        await listing;
    }

    private Task<Listing<string>> NextAsync() => _listing.NextAsync(Ct).AsTask();

    private ValueTask<IReadOnlyList<string>> FetchAsync(CancellationToken ct)
    {
        var call = new TaskCompletionSource<IReadOnlyList<string>>();
        _calls.Add(call);
        return new ValueTask<IReadOnlyList<string>>(call.Task);
    }
}
