using Nodepool.Core.Collections;

namespace Nodepool.Core.Config;

/// <summary>What clients ask for; one element of <c>labels</c>.</summary>
public sealed record LabelConfig
{
    /// <summary><c>name</c>.</summary>
    public required string Name { get; init; }

    /// <summary>Ready, unallocated nodes to keep as long as no window of <see cref="ReadySchedule"/> is open; 0 is none; <c>min-ready</c>.</summary>
    public int MinReady { get; init; }

    /// <summary>Times with other numbers of ready nodes; <c>min-ready-schedule</c>, an addition of this product.</summary>
    public ValueList<ReadyWindow> ReadySchedule { get; init; } = [];

    /// <summary>Idle nodes of an older upload than new nodes boot from are replaced, one after the other; <c>replace-outdated</c>, an addition of this product.</summary>
    public bool ReplacesOutdated { get; init; }

    /// <summary>The greatest number of ready nodes to keep, at whatever time.</summary>
    public int MostReady => ReadySchedule.Select(window => window.Count).Append(MinReady).Max();

    /// <summary>Nothing is launched for it; a <c>min-ready</c> below 0 in the file.</summary>
    public bool IsDisabled { get; init; }

    /// <summary>How a new upload of an image proves itself to this label, instead of what the diskimage says; <c>image-canary</c>, an addition of this product.</summary>
    public CanaryConfig? Canary { get; init; }

    /// <summary>Ready nodes older than this are replaced; zero is never; <c>max-ready-age</c>, seconds in the file.</summary>
    public TimeSpan MaxReadyAge { get; init; }

    /// <summary>How long pools may try to launch nodes for one request, all together; zero: as long as the attempts of the first that tries; <c>launch-deadline</c>, seconds in the file.</summary>
    public TimeSpan LaunchDeadline { get; init; }

    /// <summary>Ready nodes to keep at a moment: of the open windows the greatest number, else the usual one.</summary>
    /// <param name="unixNow">Unix seconds.</param>
    public int ReadyAt(double unixNow) => ReadySchedule.Where(window => window.IsOpen(unixNow)).Select(window => window.Count).DefaultIfEmpty(MinReady).Max();
}
