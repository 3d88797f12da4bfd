using Nodepool.Core;
using Nodepool.Core.State;
using Nodepool.State.Memory;

namespace Nodepool.Testing.State;

/// <summary>The memory engine for the contract suite.</summary>
public sealed class MemoryStore : IStateStore
{
    private readonly MemoryTree _tree = new(TimeProvider.System);

    /// <inheritdoc/>
    public ValueTask<IStateEngine> OpenSessionAsync(Sources sources, CancellationToken ct) => new(_tree.Open(sources));

    /// <inheritdoc/>
    public ValueTask KillSessionAsync(IStateEngine session)
    {
        _tree.Expire(((MemoryEngine)session).SessionId);
        return ValueTask.CompletedTask;
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
