using Nodepool.Core.Collections;
using Nodepool.Core.Config;

namespace Nodepool.Providers.Local;

/// <summary>What a label of driver <c>local</c> adds to the common keys.</summary>
/// <param name="Kind"><c>kind</c>.</param>
/// <param name="MemoryMiB"><c>memory</c>, MiB: memory of the virtual machine, limit of the container.</param>
/// <param name="Vcpus"><c>vcpus</c>.</param>
/// <param name="AuthorizedKeys"><c>authorized-keys</c>: public keys that may log in, beside the provider's.</param>
public sealed record LocalLabelOptions(LocalKind Kind, int MemoryMiB, int Vcpus, ValueList<string> AuthorizedKeys) : DriverOptions
{
    /// <summary>Memory of a node whose label says nothing, MiB.</summary>
    public const int DefaultMemoryMiB = 256;

    /// <summary>Virtual CPUs of a node whose label says nothing.</summary>
    public const int DefaultVcpus = 1;
}
