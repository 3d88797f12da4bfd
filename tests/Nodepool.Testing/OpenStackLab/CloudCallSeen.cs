namespace Nodepool.Testing.OpenStackLab;

/// <summary>A call that came by a <see cref="FaultProxy"/>.</summary>
/// <param name="Service">Type of the service.</param>
/// <param name="Method">HTTP method.</param>
/// <param name="Path">Path, without the query.</param>
/// <param name="Fault">What was done to it.</param>
public sealed record CloudCallSeen(string Service, string Method, string Path, CloudFault Fault)
{
    /// <summary>Whether it asks for a new server.</summary>
    public bool IsServerCreate => Service == "compute" && Method == "POST" && Path.EndsWith("/servers", StringComparison.Ordinal);
}
