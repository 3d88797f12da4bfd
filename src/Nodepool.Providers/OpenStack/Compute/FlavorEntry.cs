using System.Text.Json.Serialization;
using Nodepool.Core;

namespace Nodepool.Providers.OpenStack.Compute;

/// <summary>A flavor as Nova tells it.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Name">Its name.</param>
/// <param name="Ram">Memory, MiB.</param>
/// <param name="Vcpus">Virtual CPUs.</param>
internal sealed record FlavorEntry(string Id, string Name, int Ram, int Vcpus)
{
    /// <summary>Not to be used for new servers.</summary>
    [JsonPropertyName("OS-FLV-DISABLED:disabled")]
    public bool IsDisabled { get; init; }

    /// <summary>What one server of it uses.</summary>
    [JsonIgnore]
    public Quota Cost => Quota.Of((Quota.Instances, 1), (Quota.Cores, Vcpus), (Quota.Ram, Ram));
}
