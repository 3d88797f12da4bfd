using Nodepool.Core.Collections;
using Nodepool.Core.Config;

namespace Nodepool.Providers.OpenStack.Access.Settings;

/// <summary>Chooses the region of a cloud and lays what is said of it over the cloud's own keys.</summary>
internal static class RegionReader
{
    /// <param name="own">The cloud's entry.</param>
    /// <param name="profile">Its profile, which counts where the entry names no region.</param>
    /// <param name="values">Both, the entry over the profile.</param>
    /// <param name="wanted">Region that the provider names; null takes the first.</param>
    /// <param name="chosen">The region; null where none is named.</param>
    public static ValueMap<DataValue> Apply(CloudEntry own, CloudEntry profile, ValueMap<DataValue> values, string? wanted, out string? chosen)
    {
        var known = Regions(own) is { Count: > 0 } named ? named : Regions(profile);
        if (wanted is not null && known.Count > 0 && !known.Any(region => region.Name == wanted))
        {
            throw own.Error($"region '{wanted}' is none of the entry's: {string.Join(", ", known.Select(region => $"'{region.Name}'"))}; region names are case-sensitive");
        }

        var (name, special) = known.FirstOrDefault(region => wanted is null || region.Name == wanted);
        chosen = wanted ?? name;
        var result = special is null ? values : SettingsMerge.Entry(values, special);
        return chosen is null ? result : SettingsMerge.Entry(result, new ValueMap<DataValue>([KeyValuePair.Create<string, DataValue>("region_name", new DataValue.Text(chosen))]));
    }

    private static List<(string Name, ValueMap<DataValue>? Values)> Regions(CloudEntry entry)
    {
        if (entry.Find("regions") is not DataValue.Sequence list)
        {
            return [.. entry.Texts("region_name").Select(name => (name, (ValueMap<DataValue>?)null))];
        }

        return [.. list.Items.Select(item => item switch
        {
            DataValue.Text text => (text.Value, null),
            DataValue.Mapping map when map.Entries.TryGetValue("name", out var name) && name is DataValue.Text text =>
                (text.Value, map.Entries.TryGetValue("values", out var values) && values is DataValue.Mapping special ? SettingsMerge.WithUnderscores(special) : null),
            _ => throw entry.Error("'regions' must be a list of names, or of mappings with 'name' and 'values'"),
        })];
    }
}
