using Nodepool.Core.Config;
using Nodepool.Core.Config.Templates;

namespace Nodepool.Providers.OpenStack;

/// <summary>What only the openstack driver knows of a provider.</summary>
public sealed record OpenStackOptions : DriverOptions
{
    /// <summary>Name of the entry in <c>clouds.yaml</c>; <c>cloud</c>.</summary>
    public required string Cloud { get; init; }

    /// <summary><c>region-name</c>; null takes the region of the entry.</summary>
    public string? Region { get; init; }

    /// <summary>How long an upload may take until the image is active; <c>image-upload-timeout</c>, seconds in the file.</summary>
    public TimeSpan ImageUploadTimeout { get; init; } = TimeSpan.FromHours(1);

    /// <summary>Name of uploaded images, of the fields of <see cref="FormatVocabulary.ImageName"/>; <c>image-name-format</c>.</summary>
    public FormatTemplate ImageName { get; init; } = FormatTemplate.Parse(DefaultImageName, FormatVocabulary.ImageName);

    /// <summary>
    /// Delete floating IPs that are attached to nothing; <c>clean-floating-ips</c>. They carry no mark of their owner, so the project
    /// must be ours alone.
    /// </summary>
    public bool CleanFloatingIps { get; init; }

    /// <summary>
    /// Delete ports that are DOWN in two looks, this far apart; zero is never; <c>port-cleanup-interval</c>, seconds in the file.
    /// </summary>
    public TimeSpan PortCleanupInterval { get; init; } = TimeSpan.FromMinutes(10);

    internal const string DefaultImageName = "{image_name}-{timestamp}";
}
