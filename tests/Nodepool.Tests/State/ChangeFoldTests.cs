using Nodepool.Core.State;
using Nodepool.State.Watching;

namespace Nodepool.Tests.State;

public sealed class ChangeFoldTests
{
    [Fact]
    public void Fold_OfManyChangesOfAnEntry_LeavesTheNewest()
    {
        var folded = ChangeFold.Fold([Change("/a", 1), Change("/b", 2), Change("/a", 3), Change("/b", null), Change("/a", 5)]);

        Assert.Equal([("/b", null), ("/a", 5L)], folded.Select(Plain));
    }

    [Fact]
    public void Fold_WhenAParentWasWrittenLater_StillPutsItFirst()
    {
        var folded = ChangeFold.Fold([Change("/a", 1), Change("/a/b", 2), Change("/a/b/c", 3), Change("/x", 4), Change("/a/b", 5), Change("/a", 6)]);

        Assert.Equal(["/a", "/a/b", "/a/b/c", "/x"], folded.Select(change => change.Path));
    }

    [Fact]
    public void Fold_OfATreeMadeAgain_HoldsItsNewState()
    {
        var folded = ChangeFold.Fold([Change("/a/b", null), Change("/a", null), Change("/a", 3), Change("/a/b", 3), Change("/a", 4)]);

        Assert.Equal([("/a", 4L), ("/a/b", 3L)], folded.Select(Plain));
    }

    [Fact]
    public void Fold_OfNothing_IsNothing() => Assert.Empty(ChangeFold.Fold([]));

    [Fact]
    public async Task Subscription_ThatIsNotRead_HoldsOnlyTheNewest()
    {
        var subscription = new Subscription("/w");
        for (var i = 1; i <= 20_000; i++)
        {
            subscription.Offer(i, [Change($"/w/{i % 10}", i), Change("/elsewhere", i)], always: false);
        }

        await using var reader = subscription.ReadAsync(TestContext.Current.CancellationToken).GetAsyncEnumerator(TestContext.Current.CancellationToken);
        Assert.True(await reader.MoveNextAsync());

        Assert.Equal(20_000, reader.Current.Position);
        Assert.InRange(reader.Current.Changes.Count, 10, 1100);
        Assert.Equal(20_000, reader.Current.Changes.Last(change => change.Path == "/w/0").Entry!.ModifiedPosition);
    }

    [Fact]
    public async Task Subscription_ThatFails_ThrowsAtItsReader()
    {
        var subscription = new Subscription("/w");
        subscription.Fail(new StateException(StateFault.Corrupt, "/db", "damaged"));

        var fault = await Assert.ThrowsAsync<StateException>(async () =>
        {
            await foreach (var _ in subscription.ReadAsync(TestContext.Current.CancellationToken))
            {
                Assert.Fail("There is nothing to read.");
            }
        });

        Assert.Equal(StateFault.Corrupt, fault.Fault);
    }

    private static Change Change(string path, long? position) =>
        new(path, position is { } at ? new Entry(path, default, 0, at, at, 0, 0, 0) : null);

    private static (string Path, long? Position) Plain(Change change) => (change.Path, change.Entry?.ModifiedPosition);
}
