using System.Text;

namespace Nodepool.Core.Config.Reading;

/// <summary>Whether labels, and the pools that serve them, fit together.</summary>
internal static class LabelChecks
{
    // Clouds refuse metadata values of more bytes; the longest that we send is the list "provider,image,label".
    private const int MostMetadata = 255;

    public static void Run(ConfigMap root, NodepoolConfig config, IReadOnlyList<ProviderReading> readings)
    {
        var known = config.Labels.DistinctBy(label => label.Name).ToDictionary(label => label.Name, StringComparer.Ordinal);
        foreach (var reading in readings)
        {
            CheckPoolLabels(reading, known.Keys);
        }

        var served = readings.SelectMany(Serves).ToHashSet(StringComparer.Ordinal);
        var limits = ServersPerLabel(readings);
        var unserved = new JointWarning((names, isOne) => $"no pool of this file serves the {(isOne ? "label" : "labels")} {names}");
        var unready = new JointWarning((names, isOne) =>
            $"no pool of this file serves the {(isOne ? "label" : "labels")} {names}, so nothing here can keep {(isOne ? "its" : "their")} 'min-ready'");
        foreach (var section in root.Maps("labels"))
        {
            if (root.IsHopeless || section.Text("name") is not { } name || !known.TryGetValue(name, out var label))
            {
                continue;
            }

            if (!served.Contains(name) && !label.IsDisabled)
            {
                (label.MostReady > 0 ? unready : unserved).Add(section, "name", name);
            }
            else if (limits.TryGetValue(name, out var most) && label.MostReady > most)
            {
                section.Warn(label.MinReady > most ? "min-ready" : "min-ready-schedule", $"{label.MostReady} ready nodes are wanted, but the pools of this label allow {most} servers together");
            }
        }

        unserved.Report();
        unready.Report();
    }

    private static IEnumerable<string> Serves(ProviderReading reading) =>
        reading.Config?.Pools.SelectMany(pool => pool.Labels).Select(label => label.Name) ?? reading.Labels.Keys;

    private static void CheckPoolLabels(ProviderReading reading, Dictionary<string, LabelConfig>.KeyCollection known)
    {
        if (reading.Config is not { } provider)
        {
            return;
        }

        foreach (var pool in provider.Pools)
        {
            foreach (var label in pool.Labels.Where(label => label.Name.Length > 0 && !reading.Section.IsHopeless))
            {
                if (!known.Contains(label.Name))
                {
                    var missing = Complaint.OfName(
                        $"no label {Wording.Quote(label.Name)} under 'labels' at top level", label.Name, known, "labels here", "; add it there");
                    Report(isError: true, reading, pool, label.Name, missing);
                }

                var image = label.DiskImage ?? label.CloudImage ?? "";
                var bytes = Encoding.UTF8.GetByteCount($"{provider.Name},{image},{label.Name}");
                if (bytes > MostMetadata)
                {
                    var message = $"the names of provider, image and label have {bytes} bytes together; clouds refuse metadata of more than {MostMetadata}";
                    Report(isError: false, reading, pool, label.Name, message);
                }
            }
        }
    }

    private static void Report(bool isError, ProviderReading reading, PoolConfig pool, string label, Complaint complaint)
    {
        var section = reading.PoolOrSelf(pool.Name);
        if (reading.Labels.TryGetValue(label, out var item))
        {
            section.ReportAt(isError, item.Place, item.Origin ?? $"{section.Path}.labels", complaint);
        }
        else
        {
            section.ReportAt(isError, section.Offset, section.Path, complaint);
        }
    }

    /// <summary>The sum of max-servers over a label's pools, for labels all of whose pools have that limit.</summary>
    private static Dictionary<string, long> ServersPerLabel(IReadOnlyList<ProviderReading> readings)
    {
        var sums = new Dictionary<string, long>(StringComparer.Ordinal);
        var open = readings.Where(reading => reading.Config is null).SelectMany(reading => reading.Labels.Keys).ToHashSet(StringComparer.Ordinal);
        foreach (var pool in readings.SelectMany(reading => reading.Config?.Pools ?? []))
        {
            foreach (var name in pool.Labels.Select(label => label.Name).Distinct(StringComparer.Ordinal))
            {
                if (pool.Limits.Amounts.TryGetValue(Quota.Instances, out var servers))
                {
                    sums[name] = sums.GetValueOrDefault(name) + servers;
                }
                else
                {
                    open.Add(name);
                }
            }
        }

        return sums.Where(sum => !open.Contains(sum.Key)).ToDictionary(StringComparer.Ordinal);
    }
}
