namespace Nodepool.Providers.IbmVpc;

/// <summary>Properties of an image's operating system that must fit; null members fit anything.</summary>
public sealed record IbmVpcOperatingSystem
{
    /// <summary><c>architecture</c>.</summary>
    public string? Architecture { get; init; }

    /// <summary><c>dedicated-host-only</c>.</summary>
    public bool? DedicatedHostOnly { get; init; }

    /// <summary><c>display-name</c>.</summary>
    public string? DisplayName { get; init; }

    /// <summary><c>family</c>.</summary>
    public string? Family { get; init; }

    /// <summary><c>href</c>.</summary>
    public string? Href { get; init; }

    /// <summary><c>name</c>.</summary>
    public string? Name { get; init; }

    /// <summary><c>vendor</c>.</summary>
    public string? Vendor { get; init; }

    /// <summary><c>version</c>.</summary>
    public string? Version { get; init; }
}
