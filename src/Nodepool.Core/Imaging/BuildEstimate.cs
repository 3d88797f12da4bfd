using System.Globalization;
using Nodepool.Core.Model;
using Nodepool.Core.View;

namespace Nodepool.Core.Imaging;

/// <summary>
/// How far a build is, by how long the phases of an earlier one of the same image took; and how much disk it will take. Follows from the records alone; whoever shows it makes it anew.
/// </summary>
/// <param name="Phase">What it does now, or null before its first phase.</param>
/// <param name="Start">When that began, Unix seconds.</param>
/// <param name="Done">What an earlier build had done when it came to this phase, 0 to 1; null when no earlier one is known.</param>
/// <param name="PhaseSeconds">How long this phase took then.</param>
/// <param name="TotalSeconds">How long all of it took then.</param>
public sealed record BuildEstimate(string? Phase, double Start, double? Done, double PhaseSeconds, double TotalSeconds)
{
    // Never says that it is done: that is what the state is for.
    private const double Most = 0.99;

    /// <summary>When it will be ready, Unix seconds, if it goes on as the earlier one did; null when that is not known.</summary>
    public double? ExpectedEnd => Done is { } done ? Start + ((1 - done) * TotalSeconds) : null;

    /// <summary>Estimates a build.</summary>
    /// <param name="image">The image with its earlier builds.</param>
    /// <param name="running">The run of the build in progress; null when it is another program's.</param>
    public static BuildEstimate Of(ImageView image, BuildRunRecord? running)
    {
        ArgumentNullException.ThrowIfNull(image);
        if (running is null)
        {
            return new BuildEstimate(null, 0, null, 0, 0);
        }

        var phase = running.LastPhase;
        var start = running.Started + (phase is null ? 0 : running.Phases[^1].Start);
        if (Earlier(image, running.Recipe, run => run.Seconds > 0) is not { Seconds: > 0 and var total } earlier)
        {
            return new BuildEstimate(phase, start, null, 0, 0);
        }

        var at = earlier.Phases.Index().FirstOrDefault(known => known.Item.Name == phase, (Index: -1, Item: null!)).Index;
        if (at < 0)
        {
            // A phase that the earlier build did not have: only the time since the beginning says anything.
            return new BuildEstimate(phase, running.Started, 0, total, total);
        }

        var (begun, next) = (earlier.Phases[at].Start, at + 1 < earlier.Phases.Count ? earlier.Phases[at + 1].Start : total);
        return new BuildEstimate(phase, start, Math.Clamp(begun / total, 0, 1), Math.Max(0, next - begun), total);
    }

    /// <summary>The share that is done now, 0 to 0.99; null when it is not known. A phase that takes longer than before does not count for more.</summary>
    public double? Share(double unixNow) => Done is { } done ? Math.Min(Most, done + (Math.Clamp(unixNow - Start, 0, PhaseSeconds) / TotalSeconds)) : null;

    /// <summary>For people: <c>install.d, 45 %, 3 min left</c>, as much of it as is known; empty when nothing is.</summary>
    public string Text(double unixNow)
    {
        var left = ExpectedEnd - unixNow;
        string?[] parts =
        [
            Phase,
            Share(unixNow) is { } share ? string.Create(CultureInfo.InvariantCulture, $"{Math.Floor(share * 100):0} %") : null,
            left is null ? null : left > 90 ? string.Create(CultureInfo.InvariantCulture, $"{Math.Round(left.Value / 60):0} min left") : left > 0 ? string.Create(CultureInfo.InvariantCulture, $"{Math.Ceiling(left.Value):0} s left") : "longer than before",
        ];
        return string.Join(", ", parts.Where(part => part is not null));
    }

    /// <summary>What a build will take of the disk at most, in bytes, as an earlier one did; null when none tells.</summary>
    /// <param name="image">The image with its earlier builds.</param>
    /// <param name="recipe">What is built, see <see cref="BuildRecipe"/>.</param>
    public static long? DiskBytes(ImageView image, string? recipe)
    {
        ArgumentNullException.ThrowIfNull(image);
        return Earlier(image, recipe, run => run.DiskBytes > 0)?.DiskBytes;
    }

    /// <summary>The newest build that went to its end and tells something; of the same recipe if there is one.</summary>
    private static BuildRunRecord? Earlier(ImageView image, string? recipe, Func<BuildRunRecord, bool> tells)
    {
        var ended = image.ReadyBuilds.Select(build => build.Record!.Run).OfType<BuildRunRecord>().Where(tells).ToArray();
        return ended.FirstOrDefault(run => run.Recipe == recipe) ?? ended.FirstOrDefault();
    }
}
