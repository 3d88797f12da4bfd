using Nodepool.Core.Collections;

namespace Nodepool.Core.Config.Reading;

/// <summary>Reads the keys that all drivers' provider and pool sections share.</summary>
public static class ProviderSection
{
    private const int DefaultPriority = 100;

    /// <summary>
    /// Common keys of a provider with its diskimages and pools. Drivers add <see cref="ProviderConfig.Options"/> and
    /// <see cref="ProviderConfig.ImageFormats"/>, and other defaults of times and retries, with <c>with</c>.
    /// </summary>
    /// <param name="section">The element of <c>providers</c>.</param>
    /// <param name="readPool">Reads one element of <c>pools</c>, usually by <see cref="ReadPool"/>.</param>
    public static ProviderConfig Read(ConfigMap section, Func<ConfigMap, PoolConfig> readPool)
    {
        var usual = new ProviderConfig { Name = section.RequiredText("name"), Driver = section.Text("driver", NodepoolConfigReader.DefaultDriver) };
        var limit = section.Int("max-concurrency", usual.MaxConcurrency);
        return usual with
        {
            // Documented as 0 = no limit; Python then handles nothing at all.
            MaxConcurrency = limit <= 0 ? -1 : limit,
            Priority = Priority(section),
            LaunchRetries = section.Int("launch-retries", usual.LaunchRetries, min: 1),
            LaunchTimeout = section.Seconds("launch-timeout", usual.LaunchTimeout),
            BootTimeout = section.Seconds("boot-timeout", usual.BootTimeout),
            DiskImages = ReadOnce(section.Maps("diskimages"), ReadDiskImage),
            Pools = section.Maps("pools").Select(readPool).ToValueList(),
        };
    }

    /// <summary>The priority of a provider section, for <see cref="ReadPool"/>.</summary>
    public static int Priority(ConfigMap section) => section.Int("priority", DefaultPriority);

    /// <summary>Common keys of a pool; a <c>max-servers</c> of zero or less is no servers.</summary>
    /// <param name="pool">The element of <c>pools</c>.</param>
    /// <param name="providerPriority">The provider's, for a pool that gives none; see <see cref="Priority"/>.</param>
    /// <param name="readLabel">Reads one element of <c>labels</c>; null for drivers whose pools have no such list.</param>
    public static PoolConfig ReadPool(ConfigMap pool, int providerPriority, Func<ConfigMap, PoolLabelConfig>? readLabel)
    {
        var limits = new List<KeyValuePair<string, long>>();
        Limit("max-servers", Quota.Instances, int.MinValue);
        Limit("max-cores", Quota.Cores, 0);
        Limit("max-ram", Quota.Ram, 0);
        pool.Bool("host-key-checking", true);
        return new PoolConfig
        {
            Name = pool.RequiredText("name"),
            Limits = limits.Count == 0 ? Quota.Unlimited : new Quota(new ValueMap<long>(limits)),
            Priority = pool.Int("priority", providerPriority),
            NodeAttributes = pool.TextMap("node-attributes"),
            Labels = readLabel is null ? [] : ReadOnce(pool.Maps("labels"), readLabel),
        };

        void Limit(string key, string resource, int min)
        {
            if (pool.OptionalInt(key, min) is { } most)
            {
                limits.Add(new(resource, Math.Max(0, most)));
            }
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
    private static ValueList<T> ReadOnce<T>(IReadOnlyList<ConfigMap> maps, Func<ConfigMap, T> read)
    {
        var first = new OrderedDictionary<string, (ConfigMap Map, T Value)>(StringComparer.Ordinal);
        foreach (var map in maps)
        {
            var name = map.Text("name") ?? "";
            if (name.Length > 0 && first.TryGetValue(name, out var earlier))
            {
                map.Warn("name", $"{Wording.Quote(name)} was given before, on line {earlier.Map.PlaceOf("name").Line}; the later one, here, counts");
            }

            first[name] = (map, read(map));
        }

        return first.Values.Select(item => item.Value).ToValueList();
    }

    private static ProviderDiskImageConfig ReadDiskImage(ConfigMap image)
    {
        var connection = image.Text("connection-type", "ssh");
        return new ProviderDiskImageConfig
        {
            Name = image.RequiredText("name"),
            Pause = image.Bool("pause", false),
            Meta = image.TextMap("meta"),
            ConnectionType = connection,
            ConnectionPort = image.Int("connection-port", connection == "winrm" ? 5986 : 22, min: 1, max: 65535),
        };
    }
}
