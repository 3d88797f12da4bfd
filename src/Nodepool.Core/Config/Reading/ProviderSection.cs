using Nodepool.Core.Collections;

namespace Nodepool.Core.Config.Reading;

/// <summary>Reads the keys that all drivers' provider and pool sections share.</summary>
public static class ProviderSection
{
    /// <summary>
    /// Common keys of a provider with its pools. Drivers add with <c>with</c> what they have beyond: their own
    /// <see cref="ProviderConfig.Options"/>, and what clouds share (<see cref="CloudSection"/>).
    /// </summary>
    /// <param name="section">The element of <c>providers</c>.</param>
    /// <param name="readPool">Reads one element of <c>pools</c>, usually by <see cref="ReadPool"/>.</param>
    /// <param name="defaults">What the driver takes where nothing is said; null: what most take.</param>
    public static ProviderConfig Read(ConfigMap section, Func<ConfigMap, PoolConfig> readPool, ProviderDefaults? defaults = null)
    {
        defaults ??= new ProviderDefaults();
        var usual = new ProviderConfig { Name = section.RequiredText("name"), Driver = section.Text("driver", ProviderReader.DefaultDriver) };
        var limit = section.Int("max-concurrency", usual.MaxConcurrency);
        return usual with
        {
            // Documented as 0 = no limit; Python then handles nothing at all.
            MaxConcurrency = limit <= 0 ? -1 : limit,
            IsGoverned = section.Bool("governor", usual.IsGoverned),
            Priority = Defaults(section).Priority,
            LaunchRetries = section.Int("launch-retries", usual.LaunchRetries, min: 1),
            LaunchTimeout = section.Seconds("launch-timeout", defaults.LaunchTimeout),
            BootTimeout = section.Seconds("boot-timeout", defaults.BootTimeout),
            Pools = section.Maps("pools").Select(readPool).ToValueList(),
        };
    }

    /// <summary>What every driver's provider gives to its pools: the priority.</summary>
    public static PoolDefaults Defaults(ConfigMap section)
    {
        var usual = new PoolDefaults();
        return usual with { Priority = section.Int("priority", usual.Priority) };
    }

    /// <summary>Common keys of a pool; a <c>max-servers</c> of zero or less is no servers.</summary>
    /// <param name="pool">The element of <c>pools</c>.</param>
    /// <param name="defaults">The provider's, for a pool that gives none; see <see cref="Defaults"/>.</param>
    /// <param name="readLabel">Reads one element of <c>labels</c>; null for drivers whose pools have no such list.</param>
    public static PoolConfig ReadPool(ConfigMap pool, PoolDefaults defaults, Func<ConfigMap, PoolLabelConfig>? readLabel) => new()
    {
        Name = pool.RequiredText("name"),
        Limits = ReadLimits(pool, defaults.Limits),
        Priority = pool.Int("priority", defaults.Priority),
        NodeAttributes = pool.TextMap("node-attributes"),
        Labels = readLabel is null ? [] : ReadOnce(pool.Maps("labels"), readLabel),
    };

    /// <summary>
    /// <c>max-servers</c>, <c>max-cores</c>, <c>max-ram</c> and <c>max-resources</c> (resource names to amounts) of a pool, or of a
    /// provider for its pools.
    /// </summary>
    /// <param name="map">The section.</param>
    /// <param name="fallback">Limits that hold where it gives none.</param>
    /// <param name="serversSpellings">Other names of <c>max-servers</c>.</param>
    public static Quota ReadLimits(ConfigMap map, Quota fallback, params ReadOnlySpan<string> serversSpellings)
    {
        var servers = map.Spelling(["max-servers", .. serversSpellings]);
        return new Quota(new ValueMap<long>(
        [
            .. fallback.Amounts,
            .. map.IntMap("max-resources"),
            .. map.OptionalInt(servers) is { } most ? Quota.Of((Quota.Instances, Math.Max(0, most))).Amounts : ValueMap<long>.Empty,
            .. ReadAmounts(map, ("max-cores", Quota.Cores), ("max-ram", Quota.Ram)).Amounts,
        ]));
    }

    /// <summary>Amounts of resources that have keys of their own; a key that is absent leaves its resource without limit.</summary>
    public static Quota ReadAmounts(ConfigMap map, params ReadOnlySpan<(string Key, string Resource)> keys)
    {
        var amounts = new List<KeyValuePair<string, long>>();
        foreach (var (key, resource) in keys)
        {
            if (map.OptionalInt(key, min: 0) is { } amount)
            {
                amounts.Add(new(resource, amount));
            }
        }

        return new Quota(new ValueMap<long>(amounts));
    }

    /// <summary>Warns when one node of a label is more than the pool may have together.</summary>
    /// <param name="label">The element of the pool's <c>labels</c>.</param>
    /// <param name="key">The key that asks for so much.</param>
    /// <param name="amount">What a node uses.</param>
    /// <param name="limits">The pool's.</param>
    /// <param name="resource">Of what, see <see cref="Quota"/>.</param>
    public static void WarnIfTooMuch(ConfigMap label, string key, long amount, Quota limits, string resource)
    {
        if (limits.Amounts.TryGetValue(resource, out var most) && most > 0 && amount > most)
        {
            label.Warn(key, $"a node of this label needs {amount}, more than the {most} of {resource} that the pool may have, so it is never launched here");
        }
    }

    /// <summary>Common keys of a pool's label.</summary>
    /// <param name="label">The element of the pool's <c>labels</c>.</param>
    /// <param name="hostKeyCheckingDefault">The pool's <c>host-key-checking</c>.</param>
    public static PoolLabelConfig ReadLabel(ConfigMap label, bool hostKeyCheckingDefault) => new()
    {
        Name = label.RequiredText("name"),
        DiskImage = label.Text("diskimage"),
        CloudImage = label.Text("cloud-image"),
        HostKeyChecking = label.Bool("host-key-checking", hostKeyCheckingDefault),
        ConsoleLog = label.Bool("console-log", false),
    };

    /// <summary>Reads all elements; of several with one name the last counts, as in Python, but not without a word.</summary>
    internal static ValueList<T> ReadOnce<T>(IReadOnlyList<ConfigMap> maps, Func<ConfigMap, T> read, string key = "name")
    {
        var first = new OrderedDictionary<string, (ConfigMap Map, T Value)>(StringComparer.Ordinal);
        foreach (var map in maps)
        {
            var name = map.Text(key) ?? "";
            if (name.Length > 0 && first.TryGetValue(name, out var earlier))
            {
                map.Warn(key, $"{Wording.Quote(name)} was given before, on line {earlier.Map.PlaceOf(key).Line}; the later one, here, counts");
            }

            first[name] = (map, read(map));
        }

        return first.Values.Select(item => item.Value).ToValueList();
    }
}
