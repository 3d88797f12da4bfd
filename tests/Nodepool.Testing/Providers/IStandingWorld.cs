using Nodepool.Core.Collections;
using Nodepool.Core.Config;
using Nodepool.Core.Providers;

namespace Nodepool.Testing.Providers;

/// <summary>A host and a driver that knows it.</summary>
public interface IStandingWorld : IAsyncDisposable
{
    /// <summary>The provider's section; its first pool has <see cref="Host"/>.</summary>
    ProviderConfig Config { get; }

    /// <summary>The host.</summary>
    MachineConfig Host { get; }

    /// <summary>The host keys that it shows, at least one.</summary>
    ValueList<string> Keys { get; }

    /// <summary>Opens the provider.</summary>
    IProvider Open();

    /// <summary>The host stops to answer.</summary>
    ValueTask StopHostAsync();

    /// <summary>It answers again, with the same keys.</summary>
    ValueTask StartHostAsync();

    /// <summary>Lets time pass until a call has ended.</summary>
    Task<T> FinishAsync<T>(Task<T> call);
}
