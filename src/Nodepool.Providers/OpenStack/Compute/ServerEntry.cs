using System.Text.Json.Serialization;

namespace Nodepool.Providers.OpenStack.Compute;

/// <summary>A server as Nova tells it.</summary>
internal sealed record ServerEntry
{
    /// <summary>Nova's id.</summary>
    public required string Id { get; init; }

    /// <summary>Its name.</summary>
    public string? Name { get; init; }

    /// <summary><c>ACTIVE</c>, <c>BUILD</c>, <c>ERROR</c>, …</summary>
    public string Status { get; init; } = "";

    /// <summary>Its metadata.</summary>
    public Dictionary<string, string>? Metadata { get; init; }

    /// <summary>Addresses by the name of the network.</summary>
    public Dictionary<string, List<ServerAddress>>? Addresses { get; init; }

    /// <summary>Its size; an older Nova tells only the flavor's id.</summary>
    public ServerFlavor? Flavor { get; init; }

    /// <summary>Why it is in ERROR.</summary>
    public ServerFault? Fault { get; init; }

    /// <summary>A mark of the hypervisor, other for each project.</summary>
    [JsonPropertyName("hostId")]
    public string? HostId { get; init; }

    /// <summary>Availability zone; empty until it has one.</summary>
    [JsonPropertyName("OS-EXT-AZ:availability_zone")]
    public string? Zone { get; init; }

    /// <summary>Volumes that are attached to it.</summary>
    [JsonPropertyName("os-extended-volumes:volumes_attached")]
    public List<AttachedVolume>? Volumes { get; init; }

    /// <summary>An address that its owner has set to be the one to use.</summary>
    [JsonPropertyName("accessIPv4")]
    public string? AccessIPv4 { get; init; }

    /// <summary>The same for IPv6.</summary>
    [JsonPropertyName("accessIPv6")]
    public string? AccessIPv6 { get; init; }

    /// <summary>Nova works on it no more.</summary>
    [JsonIgnore]
    public bool IsActive => Status == "ACTIVE";

    /// <summary>Deleted; clouds that keep deleted servers for a while show them like that.</summary>
    [JsonIgnore]
    public bool IsDeleted => Status is "DELETED" or "SOFT_DELETED";

    /// <summary>False: nobody can use it any more, and it does not become what was ordered.</summary>
    [JsonIgnore]
    public bool IsRunning => !IsDeleted && Status is not ("ERROR" or "SHUTOFF" or "SHELVED" or "SHELVED_OFFLOADED");
}
