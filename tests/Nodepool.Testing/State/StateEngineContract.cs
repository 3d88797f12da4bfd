using System.Text;
using Nodepool.Core;
using Nodepool.Core.State;
using Xunit;

namespace Nodepool.Testing.State;

/// <summary>
/// What all parts of the contract suite share: an empty store per test, sessions on it, and waiting for events. Nothing in the
/// suite sleeps; the long limit only turns a hang into a failure.
/// </summary>
/// <typeparam name="TStore">The store of the engine under test.</typeparam>
public abstract class StateEngineContract<TStore> : IAsyncLifetime
    where TStore : IStateStore, new()
{
    private readonly List<IStateEngine> _sessions = [];

    protected static CancellationToken Ct => TestContext.Current.CancellationToken;

    protected TStore Store { get; } = new();

    /// <summary>The clock of lock waits; the store's own clock is its own matter.</summary>
    protected ArmedTime Time { get; } = new();

    /// <summary>The session most tests use.</summary>
    protected IStateEngine Engine { get; private set; } = null!;

    public async ValueTask InitializeAsync() => Engine = await OpenAsync();

    public async ValueTask DisposeAsync()
    {
        foreach (var session in _sessions)
        {
            await session.DisposeAsync();
        }

        await Store.DisposeAsync();
        GC.SuppressFinalize(this);
    }

    protected static byte[] Bytes(string text) => Encoding.UTF8.GetBytes(text);

    protected static Write.Create Create(string path, string data = "", CreateModes modes = CreateModes.Persistent) =>
        new(path, Bytes(data), modes);

    protected static Write.Create Sequential(string prefix, CreateModes more = CreateModes.Persistent) =>
        new(prefix, ReadOnlyMemory<byte>.Empty, CreateModes.Sequential | more);

    protected static Write.Create Ephemeral(string path) => new(path, ReadOnlyMemory<byte>.Empty, CreateModes.Ephemeral);

    protected static Write.Set Set(string path, string data, int version = Write.AnyVersion) => new(path, Bytes(data), version);

    protected static Write.Delete Delete(string path, int version = Write.AnyVersion) => new(path, version);

    protected static Write.Check Check(string path, int version = Write.AnyVersion) => new(path, version);

    /// <summary>Opens a further session; it is closed at the end of the test.</summary>
    protected async Task<IStateEngine> OpenAsync()
    {
        var session = await Store.OpenSessionAsync(SystemSources.Create() with { Time = Time }, Ct);
        _sessions.Add(session);
        return session;
    }

    protected async Task<CommitResult> CommitAsync(params Write[] writes) => await Engine.CommitAsync(writes, Ct);

    /// <summary>The commit must fail with <paramref name="fault"/>, and blame <paramref name="path"/>.</summary>
    protected async Task FailsAsync(StateFault fault, string path, params Write[] writes)
    {
        var failure = await Assert.ThrowsAsync<StateException>(async () => await Engine.CommitAsync(writes, Ct));
        Assert.Equal((fault, path), (failure.Fault, failure.Path));
    }

    /// <summary>The entry's data as text, or null when there is no entry.</summary>
    protected async Task<string?> ReadAsync(string path, IStateEngine? session = null) =>
        await (session ?? Engine).GetAsync(path, Ct) is { } entry ? Encoding.UTF8.GetString(entry.Data.Span) : null;

    protected async Task<IReadOnlyList<string>> NamesAsync(string path) => await Engine.ListAsync(path, Ct);

    /// <summary>Follows everything at and below <paramref name="root"/>.</summary>
    protected static WatchProbe Watch(IStateEngine session, string root) => new(session, root, Ct);

    /// <summary>Turns a hang into a failure.</summary>
    protected static Task<T> Within<T>(Task<T> task) => task.WaitAsync(TimeSpan.FromSeconds(60), Ct);

    /// <inheritdoc cref="Within{T}(Task{T})"/>
    protected static Task Within(Task task) => task.WaitAsync(TimeSpan.FromSeconds(60), Ct);

    /// <summary>Completes when the token is cancelled.</summary>
    protected static async Task CancelledAsync(CancellationToken token)
    {
        var cancelled = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using (token.Register(cancelled.SetResult))
        {
            await Within(cancelled.Task);
        }
    }

    /// <summary>Completes when the entry is gone.</summary>
    protected static async Task GoneAsync(IStateEngine session, string path)
    {
        await using var probe = Watch(session, path);
        await probe.UntilAsync(seen => !seen.ContainsKey(path));
    }
}
