using Nodepool.Core.Collections;

namespace Nodepool.Testing.Simulation.Days;

/// <summary>What a job of a CI system needs.</summary>
/// <param name="Priority">100, 200 or 300.</param>
/// <param name="Tenant">For whom.</param>
/// <param name="Labels">One per node.</param>
/// <param name="Duration">How long it uses them.</param>
internal sealed record DayWork(int Priority, string Tenant, ValueList<string> Labels, TimeSpan Duration)
{
    private const double LongestMinutes = 40;

    /// <summary>The longest that a job uses its nodes.</summary>
    public static TimeSpan Longest { get; } = TimeSpan.FromMinutes(LongestMinutes);

    /// <summary>Mostly one node for some minutes, sometimes several, seldom many or long.</summary>
    public static DayWork Draw(Random random, int priority, string tenant)
    {
        var nodes = random.Next(100) switch { < 78 => 1, < 90 => 2, < 96 => random.Next(3, 5), < 99 => random.Next(5, 9), _ => 12 };
        var label = DayPlan.Draw(random);
        var labels = Enumerable.Range(0, nodes).Select(index => index > 0 && random.Next(4) == 0 ? DayPlan.Label(random.Next(10)) : label);
        var length = random.NextDouble();
        return new DayWork(priority, tenant, labels.ToValueList(), TimeSpan.FromMinutes(1 + ((LongestMinutes - 1) * length * length * length)));
    }
}
