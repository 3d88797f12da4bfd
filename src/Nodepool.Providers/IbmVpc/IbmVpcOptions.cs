using Nodepool.Core;
using Nodepool.Core.Config;

namespace Nodepool.Providers.IbmVpc;

/// <summary>What a provider of driver <c>ibmvpc</c> adds to the common keys.</summary>
public sealed record IbmVpcOptions : DriverOptions
{
    /// <summary><c>vpc</c>: name of the virtual private cloud.</summary>
    public required string Vpc { get; init; }

    /// <summary><c>region</c>.</summary>
    public required string Region { get; init; }

    /// <summary><c>quota</c> of the account, which the cloud does not tell: <c>instances</c>, <c>cores</c>, <c>ram</c> (MiB).</summary>
    public Quota Limits { get; init; } = Quota.Unlimited;

    /// <summary><c>credentials-file</c>: absolute path; null: what the environment gives.</summary>
    public string? CredentialsFile { get; init; }

    /// <summary><c>object-storage</c> that images pass through; null: none.</summary>
    public IbmVpcObjectStorage? ObjectStorage { get; init; }
}
