using Nodepool.Testing.OpenStackLab;

namespace Nodepool.Integration.OpenStack;

/// <summary>What differs between configurations of a <see cref="CloudBed"/>.</summary>
internal sealed record CloudSetup
{
    /// <summary>How many nodes are kept ready.</summary>
    public int MinReady { get; init; } = 1;

    /// <summary>Limit of the pool.</summary>
    public int MaxServers { get; init; } = 5;

    /// <summary>Entry of <c>clouds.yaml</c>.</summary>
    public string Cloud { get; init; } = "lab";

    /// <summary>Network of the nodes.</summary>
    public string Network { get; init; } = Lab.Network;

    /// <summary>Flavor of the nodes.</summary>
    public string Flavor { get; init; } = Lab.Flavor;

    /// <summary>Seconds between calls.</summary>
    public double Rate { get; init; }

    /// <summary>The provider gets the image that is built, or that of <see cref="CloudImage"/>, and has a label of it.</summary>
    public bool HasImage { get; init; } = true;

    /// <summary>Id of an image that is in the cloud already: nothing is built and uploaded then.</summary>
    public string? CloudImage { get; init; }

    /// <summary>There is a provider at all.</summary>
    public bool HasProvider { get; init; } = true;
}
