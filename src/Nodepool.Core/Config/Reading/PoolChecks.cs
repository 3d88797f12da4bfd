namespace Nodepool.Core.Config.Reading;

/// <summary>Pools that can never have a node, and times and limits of a provider that contradict each other.</summary>
internal static class PoolChecks
{
    private static readonly (string Resource, string Key, string Noun)[] Needed =
        [(Quota.Instances, "max-servers", "servers"), (Quota.Cores, "max-cores", "cores"), (Quota.Ram, "max-ram", "memory")];

    public static void Run(IReadOnlyList<ProviderReading> readings)
    {
        var empty = Needed.ToDictionary(
            need => need.Key,
            need => new JointWarning((names, isOne) => isOne
                ? $"the pool {names} may have no {need.Noun}, so it serves nothing"
                : $"the pools {names} may have no {need.Noun}, so they serve nothing"));
        var drained = new JointWarning((names, isOne) =>
            $"{(isOne ? "the pool" : "the pools")} {names} {(isOne ? "is" : "are")} drained, as any number below zero says: nodes in use stay, and nothing is launched");
        foreach (var reading in readings)
        {
            if (reading.Config is not { } provider)
            {
                continue;
            }

            CheckTimes(reading.Section, provider);
            foreach (var pool in provider.Pools)
            {
                var section = reading.PoolOrSelf(pool.Name);
                var name = readings.Count == 1 ? pool.Name : $"{provider.Name}/{pool.Name}";
                if (Needed.FirstOrDefault(need => pool.Limits.Amounts.TryGetValue(need.Resource, out var most) && most == 0) is { Key: { } key })
                {
                    (section.Has(key) && section.OptionalInt(key) < 0 ? drained : empty[key]).Add(section, key, name);
                }
            }
        }

        foreach (var warning in empty.Values.Append(drained))
        {
            warning.Report();
        }
    }

    private static void CheckTimes(ConfigMap section, ProviderConfig provider)
    {
        // Defaults of drivers are nobody's mistake.
        if (provider.LaunchTimeout < provider.BootTimeout && (section.Has("launch-timeout") || section.Has("boot-timeout")))
        {
            section.Warn(
                section.Has("launch-timeout") ? "launch-timeout" : "boot-timeout",
                $"a launch may take {provider.LaunchTimeout.TotalSeconds:0} seconds, booting included, which is less than the {provider.BootTimeout.TotalSeconds:0} of 'boot-timeout' alone");
        }
    }
}
