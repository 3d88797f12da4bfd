namespace Nodepool.Core.Config;

/// <summary>What clients ask for; one element of <c>labels</c>.</summary>
public sealed record LabelConfig
{
    /// <summary><c>name</c>.</summary>
    public required string Name { get; init; }

    /// <summary>Ready, unallocated nodes to keep; 0 is none; <c>min-ready</c>.</summary>
    public int MinReady { get; init; }

    /// <summary>Nothing is launched for it; a <c>min-ready</c> below 0 in the file.</summary>
    public bool IsDisabled { get; init; }

    /// <summary>How a new upload of an image proves itself to this label, instead of what the diskimage says; <c>image-canary</c>, an addition of this product.</summary>
    public CanaryConfig? Canary { get; init; }

    /// <summary>Ready nodes older than this are replaced; zero is never; <c>max-ready-age</c>, seconds in the file.</summary>
    public TimeSpan MaxReadyAge { get; init; }

    /// <summary>How long pools may try to launch nodes for one request, all together; zero: as long as the attempts of the first that tries; <c>launch-deadline</c>, seconds in the file.</summary>
    public TimeSpan LaunchDeadline { get; init; }
}
