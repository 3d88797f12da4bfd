using Nodepool.Core.Collections;
using Nodepool.Core.Config.Templates;

namespace Nodepool.Core.Config;

/// <summary>One account or host that nodes come from; one element of <c>providers</c>.</summary>
public sealed record ProviderConfig
{
    /// <summary><c>name</c>.</summary>
    public required string Name { get; init; }

    /// <summary><c>driver</c>.</summary>
    public required string Driver { get; init; }

    /// <summary>Launches in flight at once; -1 is no limit; <c>max-concurrency</c>.</summary>
    public int MaxConcurrency { get; init; } = -1;

    /// <summary>Launches adapt to what the cloud takes, within <see cref="MaxConcurrency"/>; <c>governor</c>.</summary>
    public bool IsGoverned { get; init; } = true;

    /// <summary>Lower is asked first; <c>priority</c>.</summary>
    public int Priority { get; init; } = 100;

    /// <summary>Attempts per node, the first included; <c>launch-retries</c>.</summary>
    public int LaunchRetries { get; init; } = 3;

    /// <summary>Time limit of one attempt, nodescan included; <c>launch-timeout</c>, seconds in the file.</summary>
    public TimeSpan LaunchTimeout { get; init; } = TimeSpan.FromHours(1);

    /// <summary>Time limit from the cloud's "active" to an answering ssh; <c>boot-timeout</c>, seconds in the file.</summary>
    public TimeSpan BootTimeout { get; init; } = TimeSpan.FromMinutes(1);

    /// <summary>Least time between two calls to the cloud; zero is no limit; <c>rate</c>, whose unit depends on the driver.</summary>
    public TimeSpan CallInterval { get; init; }

    /// <summary>Absolute path of a program that is run before an image is used for the first time; <c>post-upload-hook</c>; null: none.</summary>
    public string? PostUploadHook { get; init; }

    /// <summary>An upload, verification and hook included, that takes longer has failed; <c>image-upload-timeout</c>, seconds in the file.</summary>
    public TimeSpan UploadTimeout { get; init; } = TimeSpan.FromHours(6);

    /// <summary>Name of uploaded images, of the fields of <see cref="FormatVocabulary.ImageName"/>; null: a name that is unique for the upload; <c>image-name-format</c>.</summary>
    public FormatTemplate? ImageName { get; init; }

    /// <summary>Image formats that an upload needs, all of them; empty: the provider takes no images of ours. Set by the driver.</summary>
    public ValueList<string> ImageFormats { get; init; } = [];

    /// <summary>Its nodes are slots of nodes of other providers (<see cref="PoolLabelConfig.Backing"/>). Set by the driver.</summary>
    public bool IsBacked { get; init; }

    /// <summary>Our diskimages that are uploaded here; <c>diskimages</c>.</summary>
    public ValueList<ProviderDiskImageConfig> DiskImages { get; init; } = [];

    /// <summary>Images that exist here already; <c>cloud-images</c>.</summary>
    public ValueList<CloudImageConfig> CloudImages { get; init; } = [];

    /// <summary><c>pools</c>, in file order.</summary>
    public ValueList<PoolConfig> Pools { get; init; } = [];

    /// <summary>What only this driver knows.</summary>
    public DriverOptions? Options { get; init; }

    /// <summary>The provider without some labels of its pools.</summary>
    /// <param name="isLeftOut">Which.</param>
    public ProviderConfig Without(Func<PoolLabelConfig, bool> isLeftOut) => !Pools.Any(pool => pool.Labels.Any(isLeftOut)) ? this : this with
    {
        Pools = Pools.Select(pool => pool with { Labels = pool.Labels.Where(label => !isLeftOut(label)).ToValueList() }).ToValueList(),
    };

    /// <summary>The cloud image of that name, or null.</summary>
    public CloudImageConfig? FindCloudImage(string name) => CloudImages.FirstOrDefault(image => image.Name == name);

    /// <summary>What is said here of the diskimage of that name, or null.</summary>
    public ProviderDiskImageConfig? FindDiskImage(string name) => DiskImages.FirstOrDefault(image => image.Name == name);

    /// <summary>
    /// What an open provider hangs on: the section without all that launchers and builders read themselves and hand to it with each call. As
    /// long as this stays equal a provider stays open through changes of the file; it is opened with this, so it cannot know more.
    /// </summary>
    public ProviderConfig OpenPart() => this with
    {
        MaxConcurrency = -1,
        IsGoverned = true,
        Priority = 100,
        LaunchRetries = 3,
        LaunchTimeout = default,
        BootTimeout = default,
        PostUploadHook = null,
        UploadTimeout = default,
        ImageName = null,
        DiskImages = [],
        CloudImages = [],
        Pools = [],
    };
}
