using System.Globalization;
using Nodepool.Core.State;
using Xunit;

namespace Nodepool.Testing.State;

/// <summary>
/// What the embedded engines promise beyond the seam: a batch of a watch never shows a part of a commit. A server that sends one event per
/// entry cannot promise it.
/// </summary>
/// <typeparam name="TStore">The store of the engine under test.</typeparam>
public abstract class StateEngineWholeBatchContract<TStore> : StateEngineContract<TStore>
    where TStore : IStateStore, new()
{
    [Fact]
    public async Task Watch_OfCommitsThatMoveAValue_NeverShowsThemHalf()
    {
        var other = await OpenAsync();
        await CommitAsync(Create("/w/a", "100"), Create("/w/b", "0"));
        var torn = 0;
        await using var probe = Watch(Engine, "/w");
        probe.EachBatch = seen => torn += seen.Count == 3 && Number(seen["/w/a"]) + Number(seen["/w/b"]) != 100 ? 1 : 0;
        await probe.ReachAsync(0);

        CommitResult last = null!;
        for (var i = 1; i <= 100; i++)
        {
            last = await other.CommitAsync([Set("/w/a", Text(100 - i)), Set("/w/b", Text(i))], Ct);
        }

        await probe.ReachAsync(last.Position);
        Assert.Equal(0, torn);
        Assert.Equal("100", probe.Picture["/w/b"]);
    }

    [Fact]
    public async Task Kill_OfASession_RemovesItsEphemeralsInOneCommit()
    {
        var other = await OpenAsync();
        await other.CommitAsync([Ephemeral("/e/1"), Ephemeral("/e/2"), Ephemeral("/e/3")], Ct);
        await using var probe = Watch(Engine, "/e");
        await probe.UntilAsync(seen => seen.Count == 4);
        var counts = new List<int>();
        probe.EachBatch = seen => counts.Add(seen.Count);

        await Store.KillSessionAsync(other);

        await probe.UntilAsync(seen => seen.Count == 1);
        Assert.DoesNotContain(2, counts);
        Assert.DoesNotContain(3, counts);
    }

    [Fact]
    public async Task Batch_OfAWatch_HoldsNothingNewerThanItsPosition()
    {
        var other = await OpenAsync();
        await CommitAsync(Create("/w/a", "0"));
        await using var probe = Watch(Engine, "/w");
        await probe.ReachAsync(0);

        var last = await Within(Task.WhenAll(Enumerable.Range(0, 300).Select(i => other.CommitAsync([Set("/w/a", Text(i))], Ct).AsTask())));

        await probe.ReachAsync(last[^1].Position);
        Assert.All(probe.Batches, batch => Assert.All(batch.Changes, change => Assert.True(change.Entry!.ModifiedPosition <= batch.Position)));
    }

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);

    private static int Number(Entry entry) => int.Parse(entry.Data.Span, CultureInfo.InvariantCulture);
}
