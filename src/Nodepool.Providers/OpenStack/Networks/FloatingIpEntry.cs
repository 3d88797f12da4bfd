using System.Text.Json.Serialization;

namespace Nodepool.Providers.OpenStack.Networks;

/// <summary>A floating IP as Neutron tells it.</summary>
/// <param name="Id">Its id.</param>
internal sealed record FloatingIpEntry(string Id)
{
    /// <summary>The address.</summary>
    public string? FloatingIpAddress { get; init; }

    /// <summary>The network that it comes from.</summary>
    public string? FloatingNetworkId { get; init; }

    /// <summary>The port that it leads to; null when it is attached to nothing.</summary>
    public string? PortId { get; init; }

    /// <summary>Free text; ours is a <see cref="FloatingIpMark"/>.</summary>
    public string? Description { get; init; }

    /// <summary>Its project.</summary>
    public string? ProjectId { get; init; }

    /// <summary>Whose it is; null when it bears no mark of a launcher like this.</summary>
    [JsonIgnore]
    public FloatingIpMark? Mark => FloatingIpMark.Read(Description);
}
