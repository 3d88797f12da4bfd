using Nodepool.Core.Model;
using Nodepool.Core.State;

namespace Nodepool.Core.Reconciling;

/// <summary>The ephemeral entry by which a process shows that it lives (reference: zk-layout §6).</summary>
internal sealed class ComponentRegistration : IAsyncDisposable
{
    private readonly IStateEngine _engine;
    private readonly string _path;

    private ComponentRegistration(IStateEngine engine, string path, ComponentRecord record)
    {
        _engine = engine;
        _path = path;
        Record = record;
    }

    /// <summary>What is registered.</summary>
    public ComponentRecord Record { get; private set; }

    /// <summary>Registers a running launcher or builder.</summary>
    public static ValueTask<ComponentRegistration> CreateAsync(IStateEngine engine, string kind, string hostname, string version, CancellationToken ct) =>
        CreateAsync(engine, new ComponentRecord { Kind = kind, Hostname = hostname, Version = version }, [], ct);

    /// <summary>Registers a component in a commit that also makes <paramref name="checks"/>.</summary>
    public static async ValueTask<ComponentRegistration> CreateAsync(IStateEngine engine, ComponentRecord record, IReadOnlyList<Write> checks, CancellationToken ct)
    {
        var prefix = NodepoolPaths.NewComponent(record.Kind, record.Hostname);
        var result = await engine.CommitAsync([.. checks, new Write.Create(prefix, record.Write(), CreateModes.Ephemeral | CreateModes.Sequential)], ct);
        return new ComponentRegistration(engine, result.Created[0], record);
    }

    /// <summary>Stores a changed record; nothing is written when it is the same.</summary>
    public async ValueTask ChangeAsync(ComponentRecord record, CancellationToken ct)
    {
        if (record != Record)
        {
            await _engine.CommitAsync([new Write.Set(_path, record.Write(), Write.AnyVersion)], ct);
            Record = record;
        }
    }

    /// <summary>Takes the entry back; the end of the session would do so as well.</summary>
    public async ValueTask DisposeAsync()
    {
        try
        {
            await _engine.CommitAsync([new Write.Delete(_path, Write.AnyVersion)], CancellationToken.None);
        }
        catch (StateException)
        {
            // The session has ended or the store is away: then the entry goes with the session.
        }
    }
}
