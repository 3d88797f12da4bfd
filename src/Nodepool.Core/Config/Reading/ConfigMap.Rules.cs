using System.Diagnostics.CodeAnalysis;
using Nodepool.Core.Collections;
using Nodepool.Core.Config.Reading.Yaml;

namespace Nodepool.Core.Config.Reading;

/// <content>Rules over several keys, required values, and data that is passed on.</content>
public sealed partial class ConfigMap
{
    /// <summary>The one of these keys that is given; an error and null when it is none or several.</summary>
    public string? ExactlyOne(params ReadOnlySpan<string> keys)
    {
        var given = AtMostOne(keys);
        if (given is null && !HasAny(keys))
        {
            Error("", Missing(keys));
        }

        return given;
    }

    /// <summary>An error when none of these keys is given.</summary>
    public void AtLeastOne(params ReadOnlySpan<string> keys)
    {
        if (!HasAny(keys))
        {
            Error("", Missing(keys));
        }
    }

    /// <summary>The one of these keys that is given; null when it is none; an error and null when it is several.</summary>
    public string? AtMostOne(params ReadOnlySpan<string> keys)
    {
        string? given = null;
        foreach (var key in keys)
        {
            if (!Has(key))
            {
                continue;
            }

            if (given is not null)
            {
                Error(key, $"{Wording.Quote(given)} and {Wording.Quote(key)} exclude each other; keep one of them");
                return null;
            }

            given = key;
        }

        return given;
    }

    /// <summary>
    /// The spelling of a key that the file uses, the first when it uses none; an error when it uses several, because one of them
    /// would count for nothing.
    /// </summary>
    public string Spelling(params ReadOnlySpan<string> spellings)
    {
        string? used = null;
        foreach (var key in spellings)
        {
            if (Has(key) && used is not null)
            {
                Error(key, $"{Wording.Quote(used)} and {Wording.Quote(key)} mean the same; keep {Wording.Quote(spellings[0])}");
            }

            used ??= Has(key) ? key : null;
        }

        return used ?? spellings[0];
    }

    /// <summary>The mapping below a key; an error when absent.</summary>
    public ConfigMap? RequiredMap(string key) => IsThere(key) ? Map(key) : null;

    /// <summary>The mappings of a list; an error when there is no list.</summary>
    public IReadOnlyList<ConfigMap> RequiredMaps(string key) => IsThere(key) ? Maps(key) : [];

    /// <summary>Whether a mapping is below the key, for keys that may also have a single value.</summary>
    public bool IsMapping(string key) => Find(key) is { Value: YamlMapping };

    /// <summary>The texts of a list; an error when there is none.</summary>
    public ValueList<string> RequiredTexts(string key) => IsThere(key) ? Texts(key) : [];

    /// <summary>The names of a list of texts or of mappings with <c>name</c>; empty when absent.</summary>
    public ValueList<string> Names(string key) =>
        Find(key) is { Value: YamlSequence list } && list.Items.All(item => item.Value is YamlMapping)
            ? Maps(key).Select(map => map.RequiredText("name")).ToValueList()
            : Texts(key);

    /// <summary>One of several words; an error when absent or another.</summary>
    public T RequiredChoice<T>(string key, params ReadOnlySpan<(string Word, T Value)> choices) =>
        IsThere(key) ? Choice(key, choices[0].Value, choices) : choices[0].Value;

    /// <summary>One of several words; null when absent.</summary>
    public T? OptionalChoice<T>(string key, params ReadOnlySpan<(string Word, T Value)> choices)
        where T : struct => Has(key) ? Choice(key, choices[0].Value, choices) : null;

    /// <summary>A text that is never shown; null when absent.</summary>
    public Secret? Secret(string key) => Text(key) is { } text ? new Secret(text) : null;

    /// <summary>The keys and whole numbers, none negative, of a mapping; empty when absent.</summary>
    [SuppressMessage("Naming", "CA1720", Justification = "Named after the kind of value, like its neighbours.")]
    public ValueMap<long> IntMap(string key) => Map(key) is not { } map
        ? ValueMap<long>.Empty
        : new ValueMap<long>(map.Node.Entries.Select(entry => KeyValuePair.Create(entry.Key, (long)map.Int(entry.Key, 0, min: 0))));

    /// <summary>A mapping that is passed on, with all that is in it; null when absent.</summary>
    public DataValue.Mapping? Data(string key)
    {
        if (Find(key) is not { } entry)
        {
            return null;
        }

        if (entry.Value is YamlMapping mapping)
        {
            return YamlData.Of(mapping);
        }

        WrongKind(key, entry, "a mapping ('key: value' lines)");
        return null;
    }

    /// <summary>The mappings of a list that is passed on, with all that is in them; empty when absent.</summary>
    public ValueList<DataValue> DataList(string key)
    {
        var values = Maps(key);
        foreach (var map in values)
        {
            map.IgnoreAll();
        }

        return values.Select(DataValue (map) => YamlData.Of(map.Node)).ToValueList();
    }

    private static Complaint Missing(ReadOnlySpan<string> keys) => new($"{Wording.OneOf(keys)} is missing", Wording.OneOf(keys));

    private bool IsThere(string key)
    {
        if (Has(key))
        {
            return true;
        }

        RequiredText(key);
        return false;
    }

    private bool HasAny(ReadOnlySpan<string> keys)
    {
        foreach (var key in keys)
        {
            if (Has(key))
            {
                return true;
            }
        }

        return false;
    }
}
