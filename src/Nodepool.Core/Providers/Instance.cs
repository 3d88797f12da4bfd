using Nodepool.Core.Collections;
using Nodepool.Core.Model.Json;

namespace Nodepool.Core.Providers;

/// <summary>A machine that the cloud calls running.</summary>
public sealed record Instance
{
    /// <summary>The cloud's id.</summary>
    public required string ExternalId { get; init; }

    /// <summary>Address that clients connect to.</summary>
    public required string InterfaceIp { get; init; }

    /// <summary>Port that clients connect to; null leaves it to the image's <c>connection-port</c>.</summary>
    public int? ConnectionPort { get; init; }

    /// <summary>Public IPv4 address.</summary>
    public string? PublicIPv4 { get; init; }

    /// <summary>Private IPv4 address.</summary>
    public string? PrivateIPv4 { get; init; }

    /// <summary>Public IPv6 address.</summary>
    public string? PublicIPv6 { get; init; }

    /// <summary>Name of the cloud.</summary>
    public string? Cloud { get; init; }

    /// <summary>Region.</summary>
    public string? Region { get; init; }

    /// <summary>Availability zone.</summary>
    public string? Az { get; init; }

    /// <summary>The hypervisor, as far as the cloud tells.</summary>
    public string? HostId { get; init; }

    /// <summary>Name that the node is known by; only where the driver knows better than the launcher (static).</summary>
    public string? Hostname { get; init; }

    /// <summary>Login user; null leaves it to the image.</summary>
    public string? Username { get; init; }

    /// <summary>How clients connect (<c>ssh</c>, <c>winrm</c>, …); null leaves it to the image.</summary>
    public string? ConnectionType { get; init; }

    /// <summary>Path of Python in the node; null leaves it to the image.</summary>
    public string? PythonPath { get; init; }

    /// <summary>Shell of the node as Ansible names it; null leaves it to the image.</summary>
    public string? ShellType { get; init; }

    /// <summary>
    /// Host keys (<c>type base64</c>) that the driver itself put into the node or was configured with: then the nodescan only
    /// waits for ssh to answer. Null: the nodescan reads them.
    /// </summary>
    public ValueList<string>? HostKeys { get; init; }

    /// <summary>Attributes that the node has besides its pool's <c>node-attributes</c>, which go over them; an object or null.</summary>
    public RawJson Attributes { get; init; }

    /// <summary>Slot of a shared machine.</summary>
    public int? Slot { get; init; }
}
