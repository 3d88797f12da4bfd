using Nodepool.Core.Providers;
using Nodepool.Providers.Processes;

namespace Nodepool.Providers.Local;

/// <summary>
/// One way to run a machine on this host. Keeps nothing in memory that a restart would need: what it must know of a machine is in
/// the instance's directory. Members may be called concurrently for different directories.
/// </summary>
internal interface IMachineKind
{
    /// <summary>The word after <c>kind:</c>.</summary>
    string Name { get; }

    /// <summary>Why this host cannot run it: programs, rights, user namespaces; null when it can.</summary>
    ValueTask<Obstacle?> CheckAsync(CancellationToken ct);

    /// <summary>Starts a machine; returns when its process stands, before ssh answers.</summary>
    /// <exception cref="ProviderException">
    /// <see cref="ProviderFault.CapacityUnavailable"/> for memory or a taken port, <see cref="ProviderFault.Rejected"/> for what will
    /// not get better. Whenever it throws, also for a cancellation, nothing is left but files in the directory.
    /// </exception>
    ValueTask<ProcessIdentity> StartAsync(MachineSpec spec, CancellationToken ct);

    /// <summary>The living process of an instance's directory, found by what the directory holds; null when there is none.</summary>
    ProcessIdentity? Find(string directory);

    /// <summary>Kills whatever runs there and waits until it is gone, limits and mounts included. Leaves only files; idempotent.</summary>
    ValueTask StopAsync(string directory, CancellationToken ct);

    /// <summary>Returns as soon as connecting to ssh makes sense.</summary>
    /// <exception cref="ProviderException"><see cref="ProviderFault.Rejected"/> when the machine died, with the last lines of its console.</exception>
    ValueTask WaitForSignAsync(MachineSpec spec, CancellationToken ct);

    /// <summary>The last part of the console's output; null when there is none.</summary>
    ValueTask<string?> ConsoleAsync(string directory, CancellationToken ct);
}
