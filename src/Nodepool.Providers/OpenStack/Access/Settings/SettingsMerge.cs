using Nodepool.Core.Collections;
using Nodepool.Core.Config;

namespace Nodepool.Providers.OpenStack.Access.Settings;

/// <summary>Lays settings over others, as openstacksdk does.</summary>
internal static class SettingsMerge
{
    private const string Auth = "auth";

    /// <summary>Mappings in mappings are laid over each other too: secure.yaml over clouds.yaml.</summary>
    public static DataValue.Mapping Deep(DataValue.Mapping below, DataValue.Mapping above) => new(Over(below.Entries, above.Entries, (_, old, value) =>
        old is DataValue.Mapping oldMap && value is DataValue.Mapping newMap ? Deep(oldMap, newMap) : value));

    /// <summary>A key hides the one below it; only <c>auth</c> is laid over key by key: an entry over its profile, a region over its cloud.</summary>
    public static ValueMap<DataValue> Entry(ValueMap<DataValue> below, ValueMap<DataValue> above) => Over(below, above, (key, old, value) =>
        key == Auth && old is DataValue.Mapping oldMap && value is DataValue.Mapping newMap ? new DataValue.Mapping(Over(oldMap.Entries, newMap.Entries, (_, _, x) => x)) : value);

    /// <summary>The entries with underscores in their keys: both forms are in use.</summary>
    public static ValueMap<DataValue> WithUnderscores(DataValue.Mapping map) => new(map.Entries.Select(entry => KeyValuePair.Create(
        entry.Key.Replace('-', '_'),
        entry.Value is DataValue.Mapping inner ? new DataValue.Mapping(WithUnderscores(inner)) : entry.Value)));

    private static ValueMap<DataValue> Over(ValueMap<DataValue> below, ValueMap<DataValue> above, Func<string, DataValue, DataValue, DataValue> join) => new(
        below.Concat(above.Where(entry => entry.Value is not DataValue.Nothing)
            .Select(entry => below.TryGetValue(entry.Key, out var old) ? KeyValuePair.Create(entry.Key, join(entry.Key, old, entry.Value)) : entry)));
}
