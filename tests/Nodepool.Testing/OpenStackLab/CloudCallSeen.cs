using System.Net;

namespace Nodepool.Testing.OpenStackLab;

/// <summary>A call that came by a <see cref="FaultProxy"/>.</summary>
/// <param name="Service">Type of the service.</param>
/// <param name="Method">HTTP method.</param>
/// <param name="Path">Path, without the query.</param>
/// <param name="Fault">What was done to it.</param>
public sealed record CloudCallSeen(string Service, string Method, string Path, CloudFault Fault)
{
    /// <summary>What was asked, when that was JSON; else null.</summary>
    public string? Json { get; init; }

    /// <summary>What the service answered, whether that was passed on or not; null when it was not asked or was not answering.</summary>
    public HttpStatusCode? Status { get; init; }

    /// <summary>Whether it asks for a new server.</summary>
    public bool IsServerCreate => Service == "compute" && Method == "POST" && Path.EndsWith("/servers", StringComparison.Ordinal);
}
