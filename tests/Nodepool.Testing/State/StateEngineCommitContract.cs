using System.Globalization;
using Nodepool.Core.State;
using Xunit;

namespace Nodepool.Testing.State;

/// <summary>Commits: versions, all or none, order.</summary>
/// <typeparam name="TStore">The store of the engine under test.</typeparam>
public abstract class StateEngineCommitContract<TStore> : StateEngineContract<TStore>
    where TStore : IStateStore, new()
{
    [Fact]
    public async Task Create_OfANewEntry_CanBeRead()
    {
        var result = await CommitAsync(Create("/a", "one"));

        var entry = await Engine.GetAsync("/a", Ct);
        Assert.Equal(["/a"], result.Created);
        Assert.Equal("one", await ReadAsync("/a"));
        Assert.Equal((0, 0L, false), (entry!.Version, entry.Owner, entry.IsEphemeral));
        Assert.Equal((result.Position, result.Position), (entry.CreatedPosition, entry.ModifiedPosition));
        Assert.True(entry.CreatedMs > 0);
        Assert.Equal(entry.CreatedMs, entry.ModifiedMs);
    }

    [Fact]
    public async Task Create_OfAnExistingEntry_FailsWithExists()
    {
        await CommitAsync(Create("/a", "one"));

        await FailsAsync(StateFault.Exists, "/a", Create("/a", "two"));

        Assert.Equal("one", await ReadAsync("/a"));
    }

    [Fact]
    public async Task Create_WithMissingParents_MakesThemPersistentAndEmpty()
    {
        var result = await CommitAsync(Create("/a/b/c", "x", CreateModes.Ephemeral));

        var parent = await Engine.GetAsync("/a/b", Ct);
        Assert.Equal(["/a/b/c"], result.Created);
        Assert.Equal((0, 0, 0L, result.Position), (parent!.Data.Length, parent.Version, parent.Owner, parent.CreatedPosition));
        Assert.Equal(["b"], await NamesAsync("/a"));
    }

    [Fact]
    public async Task Set_WithTheRightVersion_CountsItUp()
    {
        var created = await CommitAsync(Create("/a", "one"));

        var first = await CommitAsync(Set("/a", "two", 0));
        var second = await CommitAsync(Set("/a", "three"));

        var entry = await Engine.GetAsync("/a", Ct);
        Assert.Equal("three", await ReadAsync("/a"));
        Assert.Equal((2, created.Position, second.Position), (entry!.Version, entry.CreatedPosition, entry.ModifiedPosition));
        Assert.True(created.Position < first.Position && first.Position < second.Position);
        Assert.Empty(second.Created);
    }

    [Fact]
    public async Task Writes_ThatDoNotFitTheEntry_FailAndChangeNothing()
    {
        await CommitAsync(Create("/a", "one"), Create("/a/b"));
        var before = await Engine.GetAsync("/a", Ct);

        await FailsAsync(StateFault.VersionMismatch, "/a", Set("/a", "two", 1));
        await FailsAsync(StateFault.VersionMismatch, "/a/b", Delete("/a/b", 3));
        await FailsAsync(StateFault.VersionMismatch, "/a", Check("/a", 7));
        await FailsAsync(StateFault.NotFound, "/no", Set("/no", "two"));
        await FailsAsync(StateFault.NotFound, "/no", Delete("/no"));
        await FailsAsync(StateFault.NotFound, "/no", Check("/no"));
        await FailsAsync(StateFault.NotEmpty, "/a", Delete("/a"));

        Assert.Equivalent(before, await Engine.GetAsync("/a", Ct));
        Assert.Null(await Engine.GetAsync("/no", Ct));
    }

    [Fact]
    public async Task Delete_OfALeaf_RemovesIt()
    {
        await CommitAsync(Create("/a/b"));

        await CommitAsync(Delete("/a/b", 0));

        Assert.Null(await Engine.GetAsync("/a/b", Ct));
        Assert.NotNull(await Engine.GetAsync("/a", Ct));
        Assert.Empty(await NamesAsync("/a"));
    }

    [Fact]
    public async Task Create_AfterDelete_IsAnotherEntry()
    {
        var first = await CommitAsync(Create("/a", "one"));
        await CommitAsync(Set("/a", "two"));
        await CommitAsync(Delete("/a"));

        var second = await CommitAsync(Create("/a", "three"));

        var entry = await Engine.GetAsync("/a", Ct);
        Assert.Equal((0, second.Position), (entry!.Version, entry.CreatedPosition));
        Assert.NotEqual(first.Position, second.Position);
    }

    [Fact]
    public async Task Commit_ThatFailsAtItsLastStep_AppliesNothing()
    {
        await CommitAsync(Create("/a", "one"), Create("/d/leaf"));

        await FailsAsync(
            StateFault.NotFound, "/missing", Create("/new/deep"), Sequential("/seq/n-"), Set("/a", "two"), Delete("/d/leaf"), Delete("/d"), Check("/missing"));

        Assert.Equal("one", await ReadAsync("/a"));
        Assert.Equal(0, (await Engine.GetAsync("/a", Ct))!.Version);
        Assert.Null(await Engine.GetAsync("/new", Ct));
        Assert.NotNull(await Engine.GetAsync("/d/leaf", Ct));
        Assert.Equal(["/seq/n-0000000000"], (await CommitAsync(Sequential("/seq/n-"))).Created);
    }

    [Fact]
    public async Task Steps_OfACommit_SeeTheEarlierOnes()
    {
        var result = await CommitAsync(
            Create("/a", "one"), Set("/a", "two", 0), Check("/a", 1), Create("/a/b"), Create("/a/c"),
            Delete("/a/b"), Delete("/a/c"), Delete("/a", 1), Create("/a", "again"));

        var entry = await Engine.GetAsync("/a", Ct);
        Assert.Equal(["/a", "/a/b", "/a/c", "/a"], result.Created);
        Assert.Equal("again", await ReadAsync("/a"));
        Assert.Equal((0, result.Position), (entry!.Version, entry.ModifiedPosition));
        Assert.Empty(await NamesAsync("/a"));
    }

    [Fact]
    public async Task Delete_OfATreeInOneCommit_WorksFromTheLeavesOnly()
    {
        await CommitAsync(Create("/t/x/y"), Create("/t/z"));

        await FailsAsync(StateFault.NotEmpty, "/t/x", Delete("/t/x"), Delete("/t/x/y"));
        await CommitAsync(Delete("/t/x/y"), Delete("/t/x"), Delete("/t/z"), Delete("/t"));

        Assert.Null(await Engine.GetAsync("/t", Ct));
        Assert.Null(await Engine.GetAsync("/t/x/y", Ct));
    }

    [Fact]
    public async Task Positions_OfAllSessions_GrowWithEveryCommit()
    {
        var other = await OpenAsync();

        var positions = new List<long>();
        for (var i = 0; i < 5; i++)
        {
            positions.Add((await CommitAsync(Create($"/mine/{i}"), Create($"/more/{i}"))).Position);
            positions.Add((await other.CommitAsync([Create($"/theirs/{i}")], Ct)).Position);
        }

        Assert.Equal(positions.Distinct().Order(), positions);
        Assert.Equal((await Engine.GetAsync("/mine/3", Ct))!.CreatedPosition, (await Engine.GetAsync("/more/3", Ct))!.CreatedPosition);
    }

    [Fact]
    public async Task Commits_NotAwaited_ApplyInTheOrderOfTheirCalls()
    {
        await CommitAsync(Create("/chain", "0"));

        var commits = Enumerable.Range(0, 200)
            .Select(i => Engine.CommitAsync([Set("/chain", (i + 1).ToString(CultureInfo.InvariantCulture), i)], Ct).AsTask())
            .ToList();

        var results = await Within(Task.WhenAll(commits));
        Assert.Equal("200", await ReadAsync("/chain"));
        Assert.Equal(results.Select(one => one.Position).Order(), results.Select(one => one.Position));
    }

    [Fact]
    public async Task Commits_ThatFailAmongOthers_DoNotDisturbThem()
    {
        await CommitAsync(Create("/base"));
        var commits = Enumerable.Range(0, 60)
            .Select(i => Engine.CommitAsync([Create($"/base/{i}"), Check("/base", i % 3 == 0 ? 99 : 0)], Ct).AsTask())
            .ToList();

        for (var i = 0; i < commits.Count; i++)
        {
            var commit = commits[i];
            if (i % 3 == 0)
            {
                Assert.Equal(StateFault.VersionMismatch, (await Assert.ThrowsAsync<StateException>(() => Within(commit))).Fault);
            }
            else
            {
                await Within(commit);
            }
        }

        Assert.Equal(40, (await NamesAsync("/base")).Count);
    }

    [Fact]
    public async Task Counters_RaisedByManySessions_LoseNothing()
    {
        await CommitAsync(Create("/count", "0"));
        IStateEngine[] sessions = [Engine, await OpenAsync(), await OpenAsync()];

        await Within(Task.WhenAll(sessions.Select(session => RaiseAsync(session, 30))));

        Assert.Equal("90", await ReadAsync("/count"));
        Assert.Equal(90, (await Engine.GetAsync("/count", Ct))!.Version);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(300_000)]
    public async Task Data_OfAnySize_ComesBackUnchanged(int size)
    {
        var data = new byte[size];
        new Random(size).NextBytes(data);

        await CommitAsync(new Write.Create("/blob", data, CreateModes.Persistent));

        Assert.Equal(data, (await Engine.GetAsync("/blob", Ct))!.Data.ToArray());
    }

    [Fact]
    public async Task Commit_WithACancelledToken_AppliesNothing()
    {
        await Assert.ThrowsAnyAsync<OperationCanceledException>(
            async () => await Engine.CommitAsync([Create("/a")], new CancellationToken(canceled: true)));

        Assert.Null(await Engine.GetAsync("/a", Ct));
    }

    [Theory]
    [InlineData("")]
    [InlineData("a")]
    [InlineData("/a/")]
    [InlineData("/a//b")]
    [InlineData("/a/../b")]
    [InlineData("/./b")]
    [InlineData("/a\nb")]
    public async Task Paths_ThatAreNone_AreTheCallersError(string path)
    {
        await Assert.ThrowsAsync<ArgumentException>(async () => await Engine.CommitAsync([Create(path)], Ct));
        await Assert.ThrowsAsync<ArgumentException>(async () => await Engine.GetAsync(path, Ct));
        await Assert.ThrowsAsync<ArgumentException>(async () => await Engine.ListAsync(path, Ct));
    }

    private async Task RaiseAsync(IStateEngine session, int times)
    {
        for (var done = 0; done < times;)
        {
            var entry = await session.GetAsync("/count", Ct);
            var next = int.Parse(entry!.Data.Span, CultureInfo.InvariantCulture) + 1;
            try
            {
                await session.CommitAsync([Set("/count", next.ToString(CultureInfo.InvariantCulture), entry.Version)], Ct);
                done++;
            }
            catch (StateException e) when (e.IsConflict)
            {
                // Somebody was quicker: read again.
            }
        }
    }
}
