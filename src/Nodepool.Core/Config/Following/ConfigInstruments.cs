using System.Diagnostics.Metrics;

namespace Nodepool.Core.Config.Following;

/// <summary>What metrics say of a process's configuration.</summary>
public sealed class ConfigInstruments
{
    private readonly Counter<long> _reloads;

    /// <summary>Adds the instruments to a meter.</summary>
    /// <param name="meter">The process's meter.</param>
    /// <param name="configurations">What they tell of.</param>
    public ConfigInstruments(Meter meter, IConfigSource configurations)
    {
        meter.CreateObservableGauge("nodepool.config.revision", () => configurations.Current.Revision, description: "Revision of the configuration in force, 1 for the first of the process.");
        meter.CreateObservableGauge("nodepool.config.refused", () => configurations.LastFailure is null ? 0 : 1, description: "1 while the newest version of the configuration files is refused and an older one is in force.");
        _reloads = meter.CreateCounter<long>("nodepool.config.reloads", description: "Versions of the configuration files that were read while the process ran, by what became of them.");
    }

    /// <summary>A version was read.</summary>
    /// <param name="result"><c>applied</c>, <c>unchanged</c> (it means the same) or <c>refused</c>.</param>
    public void Reloaded(string result) => _reloads.Add(1, new KeyValuePair<string, object?>("result", result));
}
