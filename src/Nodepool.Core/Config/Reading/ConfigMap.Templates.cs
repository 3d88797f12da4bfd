using Nodepool.Core.Collections;
using Nodepool.Core.Config.Reading.Yaml;
using Nodepool.Core.Config.Templates;

namespace Nodepool.Core.Config.Reading;

/// <content>Getters of texts with fields in braces.</content>
public sealed partial class ConfigMap
{
    /// <summary>A template; the fallback when absent or wrong.</summary>
    /// <param name="key">The key.</param>
    /// <param name="vocabulary">The fields that it may name.</param>
    /// <param name="fallback">A template that is good.</param>
    public FormatTemplate Template(string key, FormatVocabulary vocabulary, string fallback)
    {
        if (!FormatTemplate.TryParse(Text(key, fallback), vocabulary, out var template, out var complaint))
        {
            Error(key, complaint);
        }

        return template ?? FormatTemplate.Parse(fallback, vocabulary);
    }

    /// <summary>The keys and templates of a mapping, such as <c>dynamic-tags</c>; without those that are wrong; empty when absent.</summary>
    /// <inheritdoc cref="Template"/>
    public ValueMap<FormatTemplate> Templates(string key, FormatVocabulary vocabulary)
    {
        var templates = new List<KeyValuePair<string, FormatTemplate>>();
        foreach (var (name, text) in TextMap(key))
        {
            if (FormatTemplate.TryParse(text, vocabulary, out var template, out var complaint))
            {
                templates.Add(new(name, template));
            }
            else if (Node.TryGet(key, out var entry) && entry.Value is YamlMapping map && map.TryGet(name, out var item))
            {
                ReportAt(isError: true, item.ValuePlace, $"{PathOf(key)}.{name}", complaint);
            }
        }

        return new ValueMap<FormatTemplate>(templates);
    }
}
