using Nodepool.Core.Model;
using Nodepool.Core.State;
using Nodepool.Core.View;

namespace Nodepool.Core.Reconciling;

/// <summary>The ephemeral entry by which a process shows that it lives.</summary>
internal sealed class ComponentRegistration : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan BetweenTries = TimeSpan.FromSeconds(2);

    private readonly IStateEngine _engine;
    private readonly string _path;
    private readonly TimeProvider? _time;

    private ComponentRegistration(IStateEngine engine, string path, ComponentRecord record, TimeProvider? time = null)
    {
        _engine = engine;
        _path = path;
        _time = time;
        Record = record;
    }

    /// <summary>What is registered.</summary>
    public ComponentRecord Record { get; private set; }

    /// <summary>Position of the newest commit about it; 0 before any.</summary>
    public long Position { get; private set; }

    /// <summary>Registers a running launcher or builder.</summary>
    public static async ValueTask<ComponentRegistration> CreateAsync(IStateEngine engine, ComponentRecord record, CancellationToken ct) =>
        new(engine, await CreateEntryAsync(engine, record, [], ct), record);

    /// <summary>
    /// Registers a pool in a commit that also makes <paramref name="checks"/>. An entry whose id begins with <paramref name="ours"/>, left by
    /// an attempt whose answer was lost, is taken over: a pool that is registered twice would keep requests waiting for a pool that does not exist.
    /// </summary>
    public static async ValueTask<ComponentRegistration> CreateAsync(
        IStateEngine engine, ComponentRecord record, string ours, IReadOnlyList<Write> checks, ClusterView view, TimeProvider time, CancellationToken ct)
    {
        if (view.Components.FirstOrDefault(component => component.Value.Kind == record.Kind && component.Value.Id?.StartsWith(ours, StringComparison.Ordinal) == true).Key is { } earlier)
        {
            var taken = await engine.CommitAsync([.. checks, new Write.Set(earlier, record.Write(), Write.AnyVersion)], ct);
            return new ComponentRegistration(engine, earlier, record, time) { Position = taken.Position };
        }

        try
        {
            return new ComponentRegistration(engine, await CreateEntryAsync(engine, record, checks, ct), record, time);
        }
        catch (StateException e) when (e.Fault == StateFault.OutcomeUnknown)
        {
            // Looked for even when the lease is gone by now: what is found is taken back by whoever gets it from here.
            return await FindAsync(engine, record, time) is { } path ? new ComponentRegistration(engine, path, record, time) : throw new StateException(e.Fault, e.Path, e.Message, e);
        }
    }

    /// <summary>Stores a changed record; nothing is written when it is the same.</summary>
    public async ValueTask ChangeAsync(ComponentRecord record, CancellationToken ct)
    {
        if (record != Record)
        {
            Position = (await _engine.CommitAsync([new Write.Set(_path, record.Write(), Write.AnyVersion)], ct)).Position;
            Record = record;
        }
    }

    /// <summary>
    /// Takes the entry back; the end of the session would do so as well. A pool's must not outlive its lease while the process lives on, so
    /// a store that is away is asked again for a while.
    /// </summary>
    public async ValueTask DisposeAsync()
    {
        var giveUp = _time?.GetUtcNow() + Patience;
        while (!await TryRemoveAsync() && !_engine.SessionEnded.IsCancellationRequested && _time?.GetUtcNow() < giveUp)
        {
            await Task.Delay(BetweenTries, _time, CancellationToken.None);
        }
    }

    private static async ValueTask<string?> FindAsync(IStateEngine engine, ComponentRecord record, TimeProvider time)
    {
        var giveUp = time.GetUtcNow() + Patience;
        while (true)
        {
            try
            {
                var directory = $"{NodepoolPaths.Components}/{record.Kind}";
                foreach (var name in await engine.ListAsync(directory, CancellationToken.None))
                {
                    if (await engine.GetAsync($"{directory}/{name}", CancellationToken.None) is { } entry && entry.Data.Span.SequenceEqual(record.Write().Span))
                    {
                        return entry.Path;
                    }
                }

                return null;
            }
            catch (StateException e) when (e.Fault != StateFault.SessionEnded && time.GetUtcNow() < giveUp)
            {
                await Task.Delay(BetweenTries, time, CancellationToken.None);
            }
        }
    }

    private static async ValueTask<string> CreateEntryAsync(IStateEngine engine, ComponentRecord record, IReadOnlyList<Write> checks, CancellationToken ct)
    {
        var prefix = NodepoolPaths.NewComponent(record.Kind, record.Hostname);
        var result = await engine.CommitAsync([.. checks, new Write.Create(prefix, record.Write(), CreateModes.Ephemeral | CreateModes.Sequential)], ct);
        return result.Created[0];
    }

    private async ValueTask<bool> TryRemoveAsync()
    {
        try
        {
            await _engine.CommitAsync([new Write.Delete(_path, Write.AnyVersion)], CancellationToken.None);
            return true;
        }
        catch (StateException e)
        {
            return e.Fault is StateFault.NotFound or StateFault.SessionEnded;
        }
    }
}
