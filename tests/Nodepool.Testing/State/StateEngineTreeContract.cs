using Nodepool.Core.State;
using Xunit;

namespace Nodepool.Testing.State;

/// <summary>Names: listing, sequential numbering.</summary>
/// <typeparam name="TStore">The store of the engine under test.</typeparam>
public abstract class StateEngineTreeContract<TStore> : StateEngineContract<TStore>
    where TStore : IStateStore, new()
{
    [Fact]
    public async Task List_OfChildren_IsInOrdinalOrder()
    {
        await CommitAsync(Create("/l/b"), Create("/l/Z"), Create("/l/a-1"), Create("/l/a/deep"), Create("/l/é"), Create("/l/10"), Create("/l/9"));

        Assert.Equal(["10", "9", "Z", "a", "a-1", "b", "é"], await NamesAsync("/l"));
    }

    [Fact]
    public async Task List_WithoutChildren_IsEmpty()
    {
        await CommitAsync(Create("/l"), Create("/ll/x"));

        Assert.Empty(await NamesAsync("/l"));
        Assert.Empty(await NamesAsync("/nothing"));
        Assert.Empty(await NamesAsync("/ll/x"));
    }

    [Fact]
    public async Task Get_OfAMissingEntry_IsNull()
    {
        Assert.Null(await Engine.GetAsync("/no", Ct));
        Assert.Null(await Engine.GetAsync("/no/deeper", Ct));
    }

    [Fact]
    public async Task Sequential_UnderANewParent_CountsFromZero()
    {
        var result = await CommitAsync(Sequential("/r/100-"), Sequential("/r/100-"), Sequential("/other/"));

        Assert.Equal(["/r/100-0000000000", "/r/100-0000000001", "/other/0000000000"], result.Created);
        Assert.Equal(["100-0000000000", "100-0000000001"], await NamesAsync("/r"));
    }

    [Fact]
    public async Task Sequential_Numbers_CountEntriesOfAnyKind()
    {
        await CommitAsync(Create("/r/plain"), Sequential("/r/100-"), Ephemeral("/r/mortal"));

        var result = await CommitAsync(Sequential("/r/900-"), Sequential("/r/", CreateModes.Ephemeral), Sequential("/r/100-"));

        Assert.Equal(["/r/900-0000000003", "/r/0000000004", "/r/100-0000000005"], result.Created);
    }

    [Fact]
    public async Task Sequential_Numbers_CountMissingParentsThatWereMade()
    {
        await CommitAsync(Create("/r/made/below"), Create("/r/made/below2"));

        Assert.Equal(["/r/0000000001"], (await CommitAsync(Sequential("/r/"))).Created);
    }

    [Fact]
    public async Task Sequential_Numbers_SurviveDeletionAndWrites()
    {
        await CommitAsync(Sequential("/r/n"), Sequential("/r/n"));
        await CommitAsync(Delete("/r/n0000000000"), Delete("/r/n0000000001"));
        await CommitAsync(Set("/r", "touched"));

        var result = await CommitAsync(Sequential("/r/n"), Delete("/r/n0000000002"), Sequential("/r/n"));

        Assert.Equal(["/r/n0000000002", "/r/n0000000003"], result.Created);
        Assert.Equal(["n0000000003"], await NamesAsync("/r"));
    }

    [Fact]
    public async Task Sequential_UnderAParentMadeAgain_CountsFromZero()
    {
        await CommitAsync(Sequential("/r/n"));
        await CommitAsync(Delete("/r/n0000000000"), Delete("/r"));

        Assert.Equal(["/r/n0000000000"], (await CommitAsync(Sequential("/r/n"))).Created);
    }

    [Fact]
    public async Task Sequential_WithATakenName_FailsWithExists()
    {
        await CommitAsync(Create("/r/n0000000001"));

        await FailsAsync(StateFault.Exists, "/r/n", Sequential("/r/n"));
    }

    [Fact]
    public async Task Sequential_FromManySessions_NeverRepeats()
    {
        IStateEngine[] sessions = [Engine, await OpenAsync(), await OpenAsync()];

        var made = await Within(Task.WhenAll(
            from i in Enumerable.Range(0, 60) select sessions[i % 3].CommitAsync([Sequential("/r/n")], Ct).AsTask()));

        Assert.Equal(60, made.Select(one => one.Created[0]).Distinct().Count());
        Assert.Equal(Enumerable.Range(0, 60).Select(i => $"n{i:D10}"), await NamesAsync("/r"));
    }

    [Fact]
    public async Task Reads_AfterACommit_SeeIt()
    {
        for (var i = 0; i < 100; i++)
        {
            await CommitAsync(Create($"/seen/{i:D3}"));

            Assert.NotNull(await Engine.GetAsync($"/seen/{i:D3}", Ct));
            Assert.Equal(i + 1, (await NamesAsync("/seen")).Count);
        }
    }

    [Fact]
    public async Task Names_WithSignsOfPatternsAndQuotes_AreOrdinary()
    {
        await CommitAsync(Create("/q/it's"), Create("/q/100%"), Create("/q/a_b"), Create("/q/axb"), Create("/q/[x]"), Create("/q/it's/\"in\""));

        Assert.Equal(["100%", "[x]", "a_b", "axb", "it's"], await NamesAsync("/q"));
        Assert.Equal(["\"in\""], await NamesAsync("/q/it's"));
        await CommitAsync(Delete("/q/a_b"));
        Assert.NotNull(await Engine.GetAsync("/q/axb", Ct));
    }
}
