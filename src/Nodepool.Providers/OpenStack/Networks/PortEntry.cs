namespace Nodepool.Providers.OpenStack.Networks;

/// <summary>A port as Neutron tells it.</summary>
/// <param name="Id">Its id.</param>
internal sealed record PortEntry(string Id)
{
    /// <summary>Its name.</summary>
    public string? Name { get; init; }

    /// <summary><c>ACTIVE</c>, <c>DOWN</c>, …</summary>
    public string? Status { get; init; }

    /// <summary>The network it is on.</summary>
    public string? NetworkId { get; init; }

    /// <summary>Id of the server that it was made for.</summary>
    public string? DeviceId { get; init; }

    /// <summary>What made it: <c>compute:ZONE</c> for servers.</summary>
    public string? DeviceOwner { get; init; }

    /// <summary>Its project.</summary>
    public string? ProjectId { get; init; }

    /// <summary>Its addresses.</summary>
    public List<FixedIp>? FixedIps { get; init; }

    /// <summary>An address of a port.</summary>
    /// <param name="IpAddress">The address.</param>
    internal sealed record FixedIp(string IpAddress);
}
