using System.Globalization;
using System.Text.RegularExpressions;
using Nodepool.Core.Collections;
using Nodepool.Core.Config;
using Nodepool.Core.Providers;

namespace Nodepool.Providers.OpenStack.Access.Settings;

/// <summary>One cloud, profile and region laid over each other: getters that say what is wrong. Keys have underscores.</summary>
/// <param name="name">Name of the cloud.</param>
/// <param name="origin">Where it was read, for messages.</param>
/// <param name="values">Its keys.</param>
internal sealed partial class CloudEntry(string name, string origin, ValueMap<DataValue> values)
{
    public string Name => name;

    public string Origin => origin;

    /// <summary>The keys of <c>auth</c>.</summary>
    public CloudEntry Auth => new(name, origin, Find("auth") is DataValue.Mapping map ? map.Entries : ValueMap<DataValue>.Empty);

    public bool Has(string key) => Find(key) is not null;

    /// <summary>The first of these keys that has a text; null when none has.</summary>
    public string? Text(params ReadOnlySpan<string> keys)
    {
        foreach (var key in keys)
        {
            switch (Find(key))
            {
                case null:
                    break;
                case DataValue.Text { Value: var text }:
                    return text;
                default:
                    throw Error($"'{key}' must be a single value");
            }
        }

        return null;
    }

    /// <summary>Yes or no; the fallback when absent.</summary>
    public bool Truth(string key, bool fallback) => Text(key) is not { } text ? fallback : text.ToLowerInvariant() switch
    {
        "true" or "yes" or "on" or "1" => true,
        "false" or "no" or "off" or "0" => false,
        _ => throw Error($"'{key}' must be true or false"),
    };

    /// <summary>A number of seconds; null when absent.</summary>
    public TimeSpan? Seconds(string key) => Text(key) is not { } text
        ? null
        : double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var seconds) && seconds is > 0 and < 1e7
            ? TimeSpan.FromSeconds(seconds)
            : throw Error($"'{key}' must be a number of seconds");

    /// <summary>The texts of a list, or of one text with commas between; empty when absent.</summary>
    public ValueList<string> Texts(string key) => Find(key) switch
    {
        null => [],
        DataValue.Sequence list => list.Items.Select(item => (item as DataValue.Text)?.Value ?? throw Error($"'{key}' must be a list of single values")).ToValueList(),
        _ => Text(key)!.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).ToValueList(),
    };

    /// <summary>The elements of a list that are mappings.</summary>
    public IEnumerable<CloudEntry> Maps(string key) => Find(key) switch
    {
        null => [],
        DataValue.Sequence list => list.Items.Select(item => new CloudEntry(
            name, origin, item is DataValue.Mapping map ? SettingsMerge.WithUnderscores(map) : throw Error($"'{key}' must be a list of mappings"))),
        _ => throw Error($"'{key}' must be a list of mappings"),
    };

    /// <summary>Puts keys of the entry into a text that names them, such as <c>https://{region_name}.example.org:5000</c>.</summary>
    public string Expand(string text) => Reference().Replace(text, match => Text(match.Groups[1].Value) ?? match.Value);

    public ProviderException Error(string message) => SettingsError.Of($"cloud '{name}': {message} ({origin})");

    public DataValue? Find(string key) => values.TryGetValue(key, out var value) && value is not (DataValue.Nothing or DataValue.Text { Value: "" }) ? value : null;

    [GeneratedRegex("\\{([a-z_]+)\\}")]
    private static partial Regex Reference();
}
