using Nodepool.Core.Collections;
using Nodepool.Testing.Clouds;

namespace Nodepool.Testing.Simulation.Days;

/// <summary>How large a simulated day is, and under which settings of the product it is lived.</summary>
public sealed record DaySettings
{
    /// <summary>The busiest quarter of an hour, with most clouds in trouble: what every build has time for.</summary>
    public static DaySettings Noon { get; } = new() { From = TimeSpan.FromHours(11.75), Length = TimeSpan.FromMinutes(15), AgeOfClouds = TimeSpan.FromMinutes(85) };

    /// <summary>Almost twice as much work as room, for longer than patience lasts: what fairness is for.</summary>
    public static DaySettings Crowded { get; } = new()
    {
        From = TimeSpan.FromHours(11.5),
        Length = TimeSpan.FromMinutes(80),
        Requests = 6_000,
        Launchers = 2,
        Clouds = [CloudProfile.Steady, CloudProfile.Flapping],
    };

    /// <summary>The time of day at which it begins.</summary>
    public TimeSpan From { get; init; }

    /// <summary>How long clients ask for nodes.</summary>
    public TimeSpan Length { get; init; } = TimeSpan.FromHours(24);

    /// <summary>About how many requests they make in 24 hours.</summary>
    public int Requests { get; init; } = 20_000;

    /// <summary>How many launchers there are.</summary>
    public int Launchers { get; init; } = 4;

    /// <summary>One cloud for each, with its ways.</summary>
    public ValueList<CloudProfile> Clouds { get; init; } =
    [
        CloudProfile.Steady, CloudProfile.Throttled, CloudProfile.Congested, CloudProfile.Slow, CloudProfile.Stragglers,
        CloudProfile.Out, CloudProfile.Flapping, CloudProfile.BlackHole, CloudProfile.Failing, CloudProfile.Lying,
    ];

    /// <summary>How much of the clouds' day is over when it begins: a quarter of an hour has few of their troubles otherwise.</summary>
    public TimeSpan AgeOfClouds { get; init; }

    /// <summary><c>max-concurrency</c> of all providers; -1 is without limit.</summary>
    public int MaxConcurrency { get; init; } = -1;

    /// <summary><c>governor</c> of all providers.</summary>
    public bool IsGoverned { get; init; } = true;

    /// <summary>Processes are killed, cut off and slow, and the store is away now and then. The clouds have their troubles in any case.</summary>
    public bool HasFaults { get; init; } = true;
}
