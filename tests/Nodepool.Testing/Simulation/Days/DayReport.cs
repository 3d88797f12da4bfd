using System.Globalization;
using System.Text;

namespace Nodepool.Testing.Simulation.Days;

/// <summary>A simulated day in figures; as text a small table.</summary>
/// <param name="Seed">Its seed.</param>
/// <param name="Length">How long it was until everything had come to rest.</param>
/// <param name="Tally">What was done.</param>
/// <param name="Waits">By priority.</param>
/// <param name="Clouds">By provider.</param>
public sealed record DayReport(int Seed, TimeSpan Length, string Tally, IReadOnlyList<DayWait> Waits, IReadOnlyList<DayCloudLine> Clouds)
{
    /// <summary>Callbacks that ran.</summary>
    public long Steps { get; init; }

    /// <summary>How often a launch was compared with a request that waited and might have come first.</summary>
    public long Compared { get; init; }

    /// <summary>Launches that nobody used a node of.</summary>
    public int Wasted => Clouds.Sum(cloud => cloud.Launches - cloud.Used);

    /// <summary>The part of all room that was in use.</summary>
    public double Utilisation => Clouds.Sum(cloud => cloud.Utilisation * cloud.Room) / Clouds.Sum(cloud => cloud.Room);

    /// <summary>The value below which that part of the values lies; 0 of none.</summary>
    /// <param name="sorted">The values in order.</param>
    /// <param name="part">0 to 1.</param>
    public static double Quantile(IReadOnlyList<double> sorted, double part)
    {
        ArgumentNullException.ThrowIfNull(sorted);
        return sorted.Count == 0 ? 0 : sorted[Math.Min(sorted.Count - 1, (int)(part * sorted.Count))];
    }

    /// <inheritdoc/>
    public override string ToString()
    {
        var text = new StringBuilder();
        text.AppendLine(CultureInfo.InvariantCulture, $"seed {Seed}: {Length.TotalHours:0.0} h, {Steps} steps, {Tally}");
        text.AppendLine(CultureInfo.InvariantCulture, $"launches {Clouds.Sum(cloud => cloud.Launches)}, of them for nothing {Wasted}; room in use {Utilisation:P0}; fairness compared {Compared} pairs");
        text.AppendLine("priority    asked   served   failed    p50 s    p99 s    max s");
        foreach (var wait in Waits)
        {
            text.AppendLine(CultureInfo.InvariantCulture, $"{wait.Priority,-8} {wait.Asked,8} {wait.Waits.Count,8} {wait.Failed,8} {Quantile(wait.Waits, 0.5),8:0} {Quantile(wait.Waits, 0.99),8:0} {Quantile(wait.Waits, 1),8:0}");
        }

        text.AppendLine("provider ways           room launches  nothing   failed unwanted  boot p50  boot p99   in use");
        foreach (var cloud in Clouds)
        {
            text.AppendLine(CultureInfo.InvariantCulture, $"{cloud.Provider,-8} {cloud.Ways,-12} {cloud.Room,6} {cloud.Launches,8} {cloud.Launches - cloud.Used,8} {cloud.Failed,8} {cloud.Unwanted,8} {Quantile(cloud.Boots, 0.5),9:0} {Quantile(cloud.Boots, 0.99),9:0} {cloud.Utilisation,8:P0}");
        }

        return text.ToString();
    }
}
