using Nodepool.Core.Config.Reading.Yaml;

namespace Nodepool.Core.Config.Reading.V2;

/// <summary>Tells by the shape of a file which form it has. Keys at top level alone decide nothing: present files still carry old ones.</summary>
internal static class FormRecognition
{
    private static readonly string[] PresentProviderKeys = ["pools", "diskimages", "cloud-images", "driver"];
    private static readonly string[] V2LabelKeys = ["image", "providers", "subnodes", "ready-script"];
    private static readonly string[] V2TopKeys = ["targets", "zmq-publishers", "gearman-servers", "script-dir", "dburi"];
    private static readonly string[] PresentTopKeys = ["labels", "providers", "diskimages", "zookeeper-servers", "images-dir", "elements-dir", "webapp", "cron", JobEventsSection.Key];

    /// <summary>The form; null after adding an error: the file mixes both, or is about something else.</summary>
    public static ConfigForm? Recognise(ConfigMap root)
    {
        if (IsForeign(root))
        {
            var first = root.Node.Entries.First();
            root.ReportAt(
                isError: true, first.KeyPlace, Wording.Printable(first.Key, 100),
                $"unknown key {Wording.Quote(first.Key)}, and no other key of this file is known: it does not configure Nodepool, which has keys such as 'labels' and 'providers'");
            return null;
        }

        var (present, v2) = (Providers(root, IsPresent), Providers(root, IsV2));
        if (present.Count > 0 && v2.Count > 0)
        {
            ReportMixture(root, present, v2);
            return null;
        }

        if (present.Count > 0)
        {
            return ConfigForm.Present;
        }

        return v2.Count > 0 || Elements(root, "labels").Any(label => FirstOf(label.Value, V2LabelKeys) is not null) || IsV2Frame(root)
            ? ConfigForm.V2
            : ConfigForm.Present;
    }

    private static bool IsPresent(YamlMapping provider) => Has(provider, "pools") || (!Has(provider, "images") && FirstOf(provider, PresentProviderKeys) is not null);

    private static bool IsV2(YamlMapping provider) => !IsPresent(provider) && (Has(provider, "images") || Has(provider, "max-servers"));

    /// <summary>Neither labels nor providers say anything yet, but what stands around them does.</summary>
    private static bool IsV2Frame(ConfigMap root) => Elements(root, "labels").Count == 0 && FirstOf(root.Node, V2TopKeys) is not null;

    private static bool IsForeign(ConfigMap root)
    {
        string[] known = [.. PresentTopKeys, .. V2TopKeys, .. TopLevelKeys.Others];
        return root.Node.Entries.Count > 0 && root.Node.Entries.All(entry => !known.Contains(entry.Key) && NearestName.Of(entry.Key, known) is null);
    }

    private static void ReportMixture(ConfigMap root, List<Element> present, List<Element> v2)
    {
        var (fewer, more, isPresent) = present.Count < v2.Count ? (present, v2[0], true) : (v2, present[0], false);
        foreach (var provider in fewer.TakeWhile(_ => !root.IsHopeless))
        {
            root.ReportAt(
                isError: true, provider.Place, provider.Path,
                isPresent
                    ? $"this provider has the present form, with 'pools', but the one on line {root.LineOf(more.Place)} has the form before Nodepool 3; a file has one form: write this one with 'images', "
                    + "or take it out, convert the rest with 'nodepool config-migrate' and put it back"
                    : $"this provider has the form before Nodepool 3, with 'images', but the one on line {root.LineOf(more.Place)} has the present form; a file has one form: give this one 'pools'");
        }
    }

    private static List<Element> Providers(ConfigMap root, Func<YamlMapping, bool> isMeant) => [.. Elements(root, "providers").Where(element => isMeant(element.Value))];

    private static List<Element> Elements(ConfigMap root, string key) =>
        root.Node.TryGet(key, out var entry) && entry.Value is YamlSequence list
            ? [.. list.Items.Select((item, index) => (item, index)).Where(pair => pair.item.Value is YamlMapping)
                .Select(pair => new Element((YamlMapping)pair.item.Value, pair.item.Place, $"{key}[{pair.index}]"))]
            : [];

    private static bool Has(YamlMapping mapping, string key) => mapping.TryGet(key, out _);

    private static YamlEntry? FirstOf(YamlMapping mapping, params ReadOnlySpan<string> keys)
    {
        foreach (var entry in mapping.Entries)
        {
            if (keys.Contains(entry.Key))
            {
                return entry;
            }
        }

        return null;
    }

    private readonly record struct Element(YamlMapping Value, int Place, string Path);
}
