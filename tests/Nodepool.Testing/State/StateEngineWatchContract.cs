using System.Globalization;
using Nodepool.Core.State;
using Xunit;

namespace Nodepool.Testing.State;

/// <summary>Watches: nothing missed, nothing torn, in order.</summary>
/// <typeparam name="TStore">The store of the engine under test.</typeparam>
public abstract class StateEngineWatchContract<TStore> : StateEngineContract<TStore>
    where TStore : IStateStore, new()
{
    [Fact]
    public async Task Watch_AtFirst_HoldsAllThatExistsBelowTheRoot()
    {
        var last = await CommitAsync(Create("/w", "top"), Create("/w/a/b", "x"), Create("/ww/no"), Create("/w-x"), Create("/w/a-b", "y"));

        await using var probe = Watch(Engine, "/w");
        await probe.ReachAsync(last.Position);

        Assert.True(probe.Batches[0].IsResync);
        Assert.Equal(
            new Dictionary<string, string> { ["/w"] = "top", ["/w/a"] = "", ["/w/a-b"] = "y", ["/w/a/b"] = "x" }, probe.Picture);
    }

    [Fact]
    public async Task Watch_OfNothing_BeginsEmptyAndShowsWhatComes()
    {
        await using var probe = Watch(Engine, "/later/here");
        await probe.ReachAsync(0);
        Assert.Empty(probe.Batches[0].Changes);

        await CommitAsync(Create("/later/here/x", "1"), Create("/later/elsewhere"));

        await probe.UntilAsync(seen => seen.ContainsKey("/later/here/x"));
        Assert.Equal(["/later/here", "/later/here/x"], probe.Picture.Keys);
    }

    [Fact]
    public async Task Watch_OfTheWholeTree_ShowsEverything()
    {
        await using var probe = Watch(Engine, "/");

        await CommitAsync(Create("/a/b"), Create("/c"));

        await probe.UntilAsync(seen => seen.ContainsKey("/a/b") && seen.ContainsKey("/c"));
    }

    [Fact]
    public async Task Watch_OfAnotherSessionsCommits_ShowsThem()
    {
        var other = await OpenAsync();
        await using var probe = Watch(Engine, "/w");
        await probe.ReachAsync(0);

        await other.CommitAsync([Create("/w/a", "1")], Ct);
        await probe.UntilAsync(seen => seen.ContainsKey("/w/a"));
        await other.CommitAsync([Set("/w/a", "2")], Ct);
        await probe.UntilAsync(seen => seen["/w/a"].Version == 1);
        await other.CommitAsync([Delete("/w/a")], Ct);
        await probe.UntilAsync(seen => !seen.ContainsKey("/w/a"));

        Assert.Equal(["/w"], probe.Picture.Keys);
    }

    [Fact]
    public async Task Watch_AfterAnOwnCommitElsewhere_ReachesItsPosition()
    {
        await using var probe = Watch(Engine, "/w");
        await probe.ReachAsync(0);

        var elsewhere = await CommitAsync(Create("/elsewhere"));

        await probe.ReachAsync(elsewhere.Position);
        Assert.Empty(probe.Picture);
    }

    [Fact]
    public async Task Watch_WhileManyCommit_EndsWithThePictureOfTheStore()
    {
        IStateEngine[] sessions = [Engine, await OpenAsync(), await OpenAsync()];
        await using var early = Watch(Engine, "/w");
        await using var others = Watch(sessions[2], "/w");
        var positions = await Within(Task.WhenAll(sessions.Select((session, i) => ChurnAsync(session, i, 150))));
        await using var late = Watch(sessions[1], "/w");

        var picture = await PictureAsync("/w");
        foreach (var probe in new[] { early, others, late })
        {
            await probe.ReachAsync(positions.Max());
            Assert.Equal(picture, probe.Picture);
        }
    }

    [Fact]
    public async Task Watch_ReadLate_GetsTheNewestOfEachEntry()
    {
        await using var reader = Engine.WatchAsync("/w", Ct).GetAsyncEnumerator(Ct);
        Assert.True(await Within(reader.MoveNextAsync().AsTask()));
        await CommitAsync(Create("/w/x"), Create("/w/gone"));
        for (var i = 0; i < 3000; i += 10)
        {
            await Within(Task.WhenAll(Enumerable.Range(i, 10).Select(n => Engine.CommitAsync([Set("/w/x", Text(n))], Ct).AsTask())));
        }

        var last = await CommitAsync(Delete("/w/gone"), Create("/w/x/child"), Set("/w", "end"));
        var seen = new Dictionary<string, Entry?>();
        while (reader.Current.Position < last.Position)
        {
            Assert.True(await Within(reader.MoveNextAsync().AsTask()));
            foreach (var (path, entry) in reader.Current.Changes)
            {
                seen[path] = entry;
            }
        }

        Assert.Equal(2999, Number(seen["/w/x"]!));
        Assert.Null(seen["/w/gone"]);
        Assert.NotNull(seen["/w/x/child"]);
    }

    [Fact]
    public async Task Watch_OfAnEntryMadeAgain_ShowsTheNewOne()
    {
        await CommitAsync(Create("/w/a/b", "old"));
        await using var probe = Watch(Engine, "/w");
        await probe.ReachAsync(0);

        var last = await CommitAsync(Delete("/w/a/b"), Delete("/w/a"), Create("/w/a/b", "new"), Create("/w/brief"), Delete("/w/brief"));

        await probe.ReachAsync(last.Position);
        Assert.Equal(new Dictionary<string, string> { ["/w"] = "", ["/w/a"] = "", ["/w/a/b"] = "new" }, probe.Picture);
    }

    [Fact]
    public async Task Watch_WhenCancelled_EndsQuietly()
    {
        using var cancel = CancellationTokenSource.CreateLinkedTokenSource(Ct);
        await using var reader = Engine.WatchAsync("/w", cancel.Token).GetAsyncEnumerator(Ct);
        Assert.True(await Within(reader.MoveNextAsync().AsTask()));
        var next = reader.MoveNextAsync().AsTask();

        await cancel.CancelAsync();

        Assert.False(await Within(next));
    }

    [Fact]
    public async Task Watch_WhenItsSessionEnds_EndsQuietly()
    {
        var other = await OpenAsync();
        var probe = Watch(other, "/w");
        await probe.ReachAsync(0);
        var killed = await OpenAsync();
        var probeOfKilled = Watch(killed, "/w");
        await probeOfKilled.ReachAsync(0);

        await other.DisposeAsync();
        await Store.KillSessionAsync(killed);

        await Within(probe.Ended);
        await Within(probeOfKilled.Ended);
    }

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);

    private static int Number(Entry entry) => int.Parse(entry.Data.Span, CultureInfo.InvariantCulture);

    /// <summary>Random creates, sets and deletes in a small part of the tree, so that sessions get into each other's way.</summary>
    private static async Task<long> ChurnAsync(IStateEngine session, int seed, int commits)
    {
        var random = new Random(seed);
        var position = 0L;
        for (var i = 0; i < commits; i++)
        {
            var path = $"/w/{random.Next(3)}/{random.Next(3)}";
            Write write = random.Next(4) switch
            {
                0 => Create(path, Text(i)),
                1 => Delete(path),
                2 => Delete(path[..path.LastIndexOf('/')]),
                _ => Set(path, Text(i)),
            };
            try
            {
                position = (await session.CommitAsync([write, Sequential("/counter/", CreateModes.Ephemeral)], Ct)).Position;
            }
            catch (StateException e) when (e.IsConflict)
            {
                // Part of the game.
            }
        }

        return position;
    }

    private async Task<SortedDictionary<string, string>> PictureAsync(string root)
    {
        var picture = new SortedDictionary<string, string>(StringComparer.Ordinal);
        if (await ReadAsync(root) is { } text)
        {
            picture.Add(root, text);
            foreach (var name in await NamesAsync(root))
            {
                foreach (var (path, data) in await PictureAsync($"{root}/{name}"))
                {
                    picture.Add(path, data);
                }
            }
        }

        return picture;
    }
}
