namespace Nodepool.Testing.Simulation;

/// <summary>Decides what goes wrong now. Nothing does once it is switched off.</summary>
internal sealed class SimFaults(Random random, FaultRates rates)
{
    public bool IsActive { get; set; } = true;

    public FaultRates Rates => rates;

    public bool Strikes(double probability) => IsActive && probability > 0 && random.NextDouble() < probability;

    /// <summary>A time up to so many seconds, more often short than long.</summary>
    public TimeSpan UpTo(double seconds)
    {
        var part = random.NextDouble();
        return TimeSpan.FromSeconds(seconds * part * part);
    }

    public T Pick<T>(IReadOnlyList<T> items) => items[random.Next(items.Count)];
}
