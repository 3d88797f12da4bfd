using Nodepool.Core.Config;
using Nodepool.Core.Providers;

namespace Nodepool.Testing.Providers;

/// <summary>
/// A cloud with nothing of ours in it, as <see cref="ProviderContract"/> needs it: made fresh for every test, removed by disposal.
/// </summary>
public interface IProviderWorld : IAsyncDisposable
{
    /// <summary>Time within which a launch or a deletion is over here; longer is a failed test.</summary>
    TimeSpan Patience { get; }

    /// <summary>The provider's section.</summary>
    ProviderConfig Config { get; }

    /// <summary>A provider as a newly started process would open it; all of them work on the same cloud. The contract disposes it.</summary>
    IProvider Open();

    /// <summary>
    /// An order for a new node with a token of its own. At least two such nodes must fit in at the same time.
    /// See <see cref="LaunchOrders"/>.
    /// </summary>
    LaunchOrder NewOrder(string nodeId);

    /// <summary>Lets time pass.</summary>
    ValueTask PassAsync(TimeSpan time);

    /// <summary>Waits for a call. Where time does not pass by itself, lets it pass until the call is over.</summary>
    async ValueTask<T> FinishAsync<T>(Task<T> call) => await call;
}
