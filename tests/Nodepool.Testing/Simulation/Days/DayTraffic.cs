namespace Nodepool.Testing.Simulation.Days;

/// <summary>
/// When changes arrive in one life of a client: few at night and many by day, to be checked each by itself or through the gate of their tenant, and twice a day
/// hundreds of jobs of a low priority at once.
/// </summary>
internal sealed class DayTraffic(DayClient client, DaySettings settings, Random random)
{
    private const int Gate = 100;
    private const int Check = 200;
    private const int Periodic = 300;
    private const double ShareOfPeriodic = 0.05;
    private const double ShareOfGate = 0.3;
    private const int JobsOfAChange = 6;

    /// <summary>What resets add.</summary>
    private const double RequestsOfAGateJob = 1.7;

    private static readonly TimeSpan[] PeriodicAt = [TimeSpan.FromHours(1), TimeSpan.FromHours(13)];

    private readonly Dictionary<string, DayGate> _gates = DayPlan.Tenants.ToDictionary(tenant => tenant, _ => new DayGate(random));

    private TimeSpan TimeOfDay => settings.From + client.World.Scheduler.Elapsed;

    /// <summary>Begins.</summary>
    public void Start()
    {
        client.Process.Start(ChangesAsync);
        foreach (var at in PeriodicAt.Where(at => at >= TimeOfDay && at < settings.From + settings.Length))
        {
            client.Process.Start(() => PeriodicAsync(at));
        }
    }

    private async Task ChangesAsync()
    {
        var requestsOfAChange = JobsOfAChange * ((ShareOfGate * RequestsOfAGateJob) + 1 - ShareOfGate);
        var perSecond = settings.Requests * (1 - ShareOfPeriodic) / requestsOfAChange / TimeSpan.FromDays(1).TotalSeconds;
        while (!client.IsQuiet)
        {
            await Task.Delay(TimeSpan.FromSeconds(-Math.Log(1 - random.NextDouble()) / (perSecond * Intensity())), client.Process.Time);
            var tenant = DayPlan.Tenants[(int)(DayPlan.Tenants.Count * random.NextDouble() * random.NextDouble())];
            var isGate = random.NextDouble() < ShareOfGate;
            var works = Enumerable.Range(0, random.Next(1, 2 * JobsOfAChange)).Select(_ => DayWork.Draw(random, isGate ? Gate : Check, tenant)).ToArray();
            var change = new DayChange(client, works);
            client.Process.Start(() => isGate ? _gates[tenant].RunAsync(change) : change.RunAsync(() => random.Next(4)));
        }
    }

    private async Task PeriodicAsync(TimeSpan at)
    {
        await Task.Delay(at - TimeOfDay, client.Process.Time);
        for (var i = 0; i < settings.Requests * ShareOfPeriodic / PeriodicAt.Length; i++)
        {
            var work = DayWork.Draw(random, Periodic, DayPlan.Tenants[random.Next(DayPlan.Tenants.Count)]);
            client.Process.Start(() => DayJob.RunAsync(client, work, 0, CancellationToken.None));
        }
    }

    /// <summary>1 in the middle of the day's hours; most at noon.</summary>
    private double Intensity() => 0.35 + (1.3 * Math.Pow(Math.Sin(Math.PI * TimeOfDay.TotalDays), 2));
}
