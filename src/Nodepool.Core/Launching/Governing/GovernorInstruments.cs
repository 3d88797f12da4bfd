using System.Diagnostics.Metrics;
using Nodepool.Core.Model;
using Nodepool.Core.View;

namespace Nodepool.Core.Launching.Governing;

/// <summary>What metrics say of the governors of all pools, whichever launchers run them.</summary>
public sealed class GovernorInstruments
{
    private readonly Func<ClusterView?> _view;

    /// <summary>Adds the instruments to a meter.</summary>
    /// <param name="meter">The process's meter.</param>
    /// <param name="view">The newest view; null while there is none.</param>
    public GovernorInstruments(Meter meter, Func<ClusterView?> view)
    {
        _view = view;
        meter.CreateObservableGauge(
            "nodepool.governor.limit", () => Observe(lane => lane.Limit), description: "Launches that the governor of a pool lets through at once, by label and for all ('*'); absent where it sets no limit.");
        meter.CreateObservableGauge(
            "nodepool.governor.breaker.open", () => Observe(lane => lane.IsOpen ? 1 : 0), description: "1 while launches fail altogether and single probes are made, by label and for all ('*').");
        meter.CreateObservableGauge(
            "nodepool.governor.patience.seconds", () => Observe(lane => lane.Patience), description: "Time after which a launch is late and its request is handed over where that helps.");
    }

    private IEnumerable<Measurement<double>> Observe(Func<LaneTerms, double?> of) =>
        from terms in _view()?.Terms.Values.ToList() ?? []
        from lane in terms.Lanes
        let value = of(lane.Value)
        where value is not null
        select new Measurement<double>(value.Value, new("provider", terms.Provider), new("pool", terms.Pool), new("label", lane.Key));
}
