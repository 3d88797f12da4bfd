namespace Nodepool.Core.Config.Legacy;

/// <summary>How a target logs in to the nodes of one image at one provider.</summary>
public sealed record LegacyLogin
{
    /// <summary>Name of the provider.</summary>
    public required string Provider { get; init; }

    /// <summary>Name of the image there.</summary>
    public required string Image { get; init; }

    /// <summary><c>username</c>.</summary>
    public string Username { get; init; } = "jenkins";

    /// <summary>Directory for Jenkins on the node; <c>user-home</c>.</summary>
    public string UserHome { get; init; } = "/home/jenkins";

    /// <summary>Path of the ssh key; <c>private-key</c>.</summary>
    public string PrivateKey { get; init; } = "/var/lib/jenkins/.ssh/id_rsa";
}
