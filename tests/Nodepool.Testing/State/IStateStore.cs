using Nodepool.Core;
using Nodepool.Core.State;

namespace Nodepool.Testing.State;

/// <summary>One empty store of the engine under test; what an engine supplies to run the contract suite.</summary>
public interface IStateStore : IAsyncDisposable
{
    /// <summary>Opens a session on the store.</summary>
    ValueTask<IStateEngine> OpenSessionAsync(Sources sources, CancellationToken ct);

    /// <summary>
    /// Ends a session the hard way, as the death of its process would, while others live on. Its ephemerals are gone soon
    /// after, not necessarily when this returns.
    /// </summary>
    ValueTask KillSessionAsync(IStateEngine session);
}
