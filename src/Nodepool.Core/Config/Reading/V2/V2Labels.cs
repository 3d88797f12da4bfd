using Nodepool.Core.Config.Reading.Yaml;

namespace Nodepool.Core.Config.Reading.V2;

/// <summary>The <c>labels</c> of a v2 file: they say which providers serve them with which image.</summary>
/// <param name="root">The file.</param>
/// <param name="providers">Its providers, in file order.</param>
/// <param name="notes">What is left out.</param>
internal sealed class V2Labels(ConfigMap root, IReadOnlyList<V2Provider> providers, V2Notes notes)
{
    private const string DefaultMinReady = "2";

    private readonly Dictionary<string, V2Provider> _providers =
        providers.DistinctBy(provider => provider.Name).ToDictionary(provider => provider.Name, StringComparer.Ordinal);

    private int _values;

    /// <summary>Gives every label to the pools of its providers.</summary>
    /// <returns>The labels at top level in the present form.</returns>
    public IReadOnlyList<MappingDraft> Translate() => [.. root.Maps("labels").Select(Translate)];

    private MappingDraft Translate(ConfigMap label)
    {
        var draft = new MappingDraft(notes.Comments, label);
        draft.Copy(label, "name");
        if (!draft.Copy(label, "min-ready"))
        {
            draft.Put("min-ready", DefaultMinReady);
        }

        draft.Copy(label, "max-ready-age");
        draft.Copy(label, CanarySection.Key);
        label.RequiredText("image");
        foreach (var reference in label.Maps("providers").TakeWhile(_ => !root.IsHopeless))
        {
            Serve(label, reference);
        }

        notes.Drop(label, "subnodes", "whoever needs several nodes asks for several in one request", draft);
        notes.Drop(label, "ready-script", "what it did belongs into the image, or into a job that runs first", draft);
        notes.Drop(label, "hostname", "hosts are named by the launcher", draft);
        notes.Drop(label, "subnode-hostname", "hosts are named by the launcher", draft);
        return draft;
    }

    private void Serve(ConfigMap label, ConfigMap reference)
    {
        var name = reference.RequiredText("name");
        if (_values > YamlLimits.Nodes)
        {
            return;
        }

        if (!_providers.TryGetValue(name, out var provider))
        {
            if (name.Length > 0)
            {
                reference.Error("name", Complaint.OfName($"no provider {Wording.Quote(name)} under 'providers'", name, _providers.Keys, "providers here"));
            }
        }
        else if (provider.Serve(label, reference) is var values and > 0)
        {
            _values += values;
            if (_values > YamlLimits.Nodes)
            {
                root.Error("labels", $"the labels and providers of this file combine to more than {YamlLimits.Nodes} values");
            }
        }
        else if (label.Text("image") is { } image)
        {
            reference.Warn("name", $"the provider {Wording.Quote(name)} has no image {Wording.Quote(image)} under its 'images', so it does not serve this label");
        }
    }
}
