using System.Text.RegularExpressions;
using Nodepool.Core.Config.Reading.Yaml;

namespace Nodepool.Core.Config.Reading.V2;

/// <summary>The name of uploaded images: <c>template-hostname</c> becomes <c>image-name-format</c>, whose fields have other names.</summary>
internal static partial class V2ImageName
{
    private const string Default = "template-{image_name}-{timestamp}";

    public static void Put(MappingDraft draft, ConfigMap provider, V2Notes notes)
    {
        if (provider.Text("template-hostname") is not { } template)
        {
            draft.Put("image-name-format", Default, isPlain: false);
            return;
        }

        var unknown = "";
        var format = Field().Replace(template, match => match.Groups[1].Value switch
        {
            "image.name" => "{image_name}",
            "image.id" => "{upload_id}",
            "timestamp" => "{timestamp}",
            "provider.name" => Literal(provider.Text("name")),
            "provider.region_name" => Literal(provider.Text("region-name")),
            var other => Unknown(other),
        });
        if (unknown.Length > 0)
        {
            notes.Change(provider, "template-hostname", $"there is no {Wording.Quote(unknown)} for the name of an image any more; images are named {Default}", draft);
            draft.Put("image-name-format", Default, isPlain: false);
            return;
        }

        provider.Node.TryGet("template-hostname", out var entry);
        draft.Put(
            "image-name-format", new YamlScalar(new TextSpan(entry.ValuePlace, entry.ValuePlace), format, isPlain: false), entry.ValuePlace,
            provider.PathOf("template-hostname"));

        string Unknown(string field)
        {
            unknown = field;
            return "";
        }
    }

    private static string Literal(string? text) => (text ?? "").Replace("{", "{{", StringComparison.Ordinal).Replace("}", "}}", StringComparison.Ordinal);

    [GeneratedRegex(@"(?<!\{)\{([^{}]*)\}", RegexOptions.CultureInvariant)]
    private static partial Regex Field();
}
