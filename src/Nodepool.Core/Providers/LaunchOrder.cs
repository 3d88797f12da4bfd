using Nodepool.Core.Collections;
using Nodepool.Core.Config;
using Nodepool.Core.Model;

namespace Nodepool.Core.Providers;

/// <summary>What one launch attempt shall make. The same for every step of the attempt, also in another process after a crash.</summary>
public sealed record LaunchOrder
{
    /// <summary>Id of the node record.</summary>
    public required string NodeId { get; init; }

    /// <summary>
    /// Unique for the attempt and stored before the first call: the client token, or part of the instance's name, by which a
    /// create is found again. Lower-case letters, digits and dashes, at most 40 characters.
    /// </summary>
    public required string Token { get; init; }

    /// <summary>Host name inside the node, <c>np&lt;node id&gt;</c>.</summary>
    public required string Hostname { get; init; }

    /// <summary>The pool it belongs to.</summary>
    public required PoolConfig Pool { get; init; }

    /// <summary>The label to make.</summary>
    public required PoolLabelConfig Label { get; init; }

    /// <summary>External id of the image upload or cloud image; null for labels without an image.</summary>
    public string? ImageExternalId { get; init; }

    /// <summary>What only the driver knows of that image: of the diskimage at this provider, or of the cloud image; null when there is nothing.</summary>
    public DriverOptions? ImageOptions { get; init; }

    /// <summary>Id of the request that it is launched for; null when there is none. Nodes of one request belong close together.</summary>
    public string? RequestId { get; init; }

    /// <summary>That request as it is now; null when it is gone.</summary>
    public NodeRequestRecord? Request { get; init; }

    /// <summary>Availability zone to launch in, one of those that the provider has told (<see cref="IZonedProvider"/>); null leaves the choice to the driver.</summary>
    public string? Az { get; init; }

    /// <summary>Login user that must be able to log in.</summary>
    public required string Username { get; init; }

    /// <summary>Flat metadata to store with the instance; comes back from <see cref="IProvider.ListResourcesAsync"/>.</summary>
    public required ValueMap<string> Metadata { get; init; }
}
