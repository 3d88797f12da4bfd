namespace Nodepool.Testing.Simulation.Days;

/// <summary>A queue of changes that are tested each on top of those before it: when one fails, all behind it are reset, up to a window.</summary>
internal sealed class DayGate(Random random)
{
    private const double Failing = 0.12;
    private const int Window = 20;

    private readonly List<DayChange> _changes = [];

    /// <summary>Runs a change through the queue.</summary>
    public async Task RunAsync(DayChange change)
    {
        _changes.Add(change);
        await change.RunAsync(() => _changes.IndexOf(change));
        var place = _changes.IndexOf(change);
        _changes.RemoveAt(place);
        if (random.NextDouble() < Failing)
        {
            _changes.Skip(place).Take(Window).ToList().ForEach(behind => behind.Reset());
        }
    }
}
