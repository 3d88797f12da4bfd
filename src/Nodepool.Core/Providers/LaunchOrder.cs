using Nodepool.Core.Collections;
using Nodepool.Core.Config;

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

    /// <summary>Login user that must be able to log in.</summary>
    public required string Username { get; init; }

    /// <summary>Flat metadata to store with the instance; comes back from <see cref="IProvider.ListResourcesAsync"/>.</summary>
    public required ValueMap<string> Metadata { get; init; }
}
