using Nodepool.Providers.OpenStack.Access.Identity;

namespace Nodepool.Tests.Providers.OpenStack.Access;

public sealed class SharedRunTests
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Get_ByManyAtOnce_WorksOnce_AndWhoLeavesDoesNotEndIt()
    {
        var shared = new SharedRun<int>();
        var work = new TaskCompletionSource<int>();
        var runs = 0;
        using var end = new CancellationTokenSource();
        var leaves = shared.GetAsync(Work, end.Token).AsTask();
        var stays = shared.GetAsync(Work, Ct).AsTask();

        await end.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => leaves);
        work.SetResult(3);

        Assert.Equal((3, 3, 1), (await stays, await shared.GetAsync(Work, Ct), runs));

        Task<int> Work()
        {
            runs++;
            return work.Task;
        }
    }

    [Fact]
    public async Task Get_AfterAFailure_WorksAgain()
    {
        var shared = new SharedRun<int>();

        await Assert.ThrowsAsync<IOException>(async () => await shared.GetAsync(() => Task.FromException<int>(new IOException()), Ct));
        Assert.Equal(4, await shared.GetAsync(() => Task.FromResult(4), Ct));
    }
}
