using System.Text;
using CsCheck;
using Nodepool.Core;
using Nodepool.Core.State;
using Nodepool.Testing.State;

namespace Nodepool.Tests.State;

/// <summary>Random histories of several sessions: both embedded engines answer as the plain model does, and end with its tree.</summary>
public sealed class EnginesAgreeTests
{
    private static readonly Gen<string> Paths =
        from depth in Gen.Int[1, 3]
        from names in Gen.Int[0, 2].Select(i => "abc"[i].ToString()).Array[depth]
        select "/" + string.Join('/', names);

    private static readonly Gen<int> Versions = Gen.Frequency((3, Gen.Const(Write.AnyVersion)), (2, Gen.Int[0, 2]));

    private static readonly Gen<Write> Writes = Gen.Frequency(
        (4, from path in Paths from data in Gen.Int[0, 99] from modes in Gen.Enum<CreateModes>() select (Write)new Write.Create(path, Data(data), modes)),
        (1, from path in Paths from data in Gen.Int[0, 99] select (Write)new Write.Create(path + "/", Data(data), CreateModes.Sequential)),
        (2, from path in Paths from data in Gen.Int[0, 99] from version in Versions select (Write)new Write.Set(path, Data(data), version)),
        (3, from path in Paths from version in Versions select (Write)new Write.Delete(path, version)),
        (1, from path in Paths from version in Versions select (Write)new Write.Check(path, version)));

    /// <summary>A commit of one of three sessions; without writes the session ends and another is opened in its place.</summary>
    private static readonly Gen<(int Slot, Write[] Writes)> Steps =
        from slot in Gen.Int[0, 2]
        from writes in Gen.Frequency((1, Gen.Const(Array.Empty<Write>())), (6, Writes.Array[1]), (6, Writes.Array[2, 6]))
        select (slot, writes);

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public Task RandomHistories_OnTheMemoryEngine_GoAsInTheModel() =>
        Steps.Array[1, 60].SampleAsync(steps => AgreeAsync(new MemoryStore(), steps), iter: 300, threads: 1);

    [Fact]
    public Task RandomHistories_OnTheSqliteEngine_GoAsInTheModel() =>
        Steps.Array[1, 60].SampleAsync(steps => AgreeAsync(new SqliteStore(), steps), iter: 25, threads: 1);

    private static async Task AgreeAsync(IStateStore store, (int Slot, Write[] Writes)[] steps)
    {
        await using var _ = store;
        var model = new ModelTree();
        var sessions = new Session[3];
        var opened = 0;
        for (var slot = 0; slot < sessions.Length; slot++)
        {
            sessions[slot] = await OpenAsync(store, ++opened);
        }

        foreach (var (slot, writes) in steps)
        {
            if (writes.Length > 0)
            {
                Assert.Equal(model.Commit(writes, sessions[slot].Number), await CommitAsync(sessions[slot].Engine, writes));
                continue;
            }

            await sessions[slot].Engine.DisposeAsync();
            model.End(sessions[slot].Number);
            sessions[slot] = await OpenAsync(store, ++opened);
        }

        await SameTreeAsync(model, sessions[0].Engine, sessions);
        foreach (var session in sessions)
        {
            await session.Engine.DisposeAsync();
        }
    }

    private static async Task<Session> OpenAsync(IStateStore store, int number) =>
        new(number, await store.OpenSessionAsync(SystemSources.Create(), Ct));

    private static async Task<string> CommitAsync(IStateEngine engine, Write[] writes)
    {
        try
        {
            return ModelTree.Describe(await engine.CommitAsync(writes, Ct));
        }
        catch (StateException e)
        {
            return ModelTree.Describe(e);
        }
    }

    private static async Task SameTreeAsync(ModelTree model, IStateEngine engine, Session[] sessions)
    {
        var numbers = new Dictionary<long, int> { [0] = 0 };
        foreach (var (path, item) in model.Items.Where(pair => pair.Key != "/"))
        {
            var entry = await engine.GetAsync(path, Ct);
            Assert.NotNull(entry);
            Assert.Equal(
                (path, item.Data, item.Version, item.Created, item.Modified, item.Owner != 0),
                (entry.Path, Encoding.UTF8.GetString(entry.Data.Span), entry.Version, entry.CreatedPosition, entry.ModifiedPosition, entry.IsEphemeral));
            Assert.Equal(item.Owner, numbers.TryAdd(entry.Owner, item.Owner) ? item.Owner : numbers[entry.Owner]);
            Assert.True(item.Owner == 0 || Array.Exists(sessions, session => session.Number == item.Owner));
        }

        foreach (var path in model.Items.Keys)
        {
            var prefix = path == "/" ? path : path + "/";
            var names = model.Items.Keys
                .Where(other => other.Length > prefix.Length && other.StartsWith(prefix, StringComparison.Ordinal))
                .Select(other => other[prefix.Length..])
                .Where(name => !name.Contains('/', StringComparison.Ordinal));
            Assert.Equal(names.Order(StringComparer.Ordinal), await engine.ListAsync(path, Ct));
        }
    }

    private static byte[] Data(int number) => Encoding.UTF8.GetBytes($"{number}");

    private sealed record Session(int Number, IStateEngine Engine);
}
