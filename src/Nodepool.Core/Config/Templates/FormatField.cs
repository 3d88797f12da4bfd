using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Nodepool.Core.Collections;

namespace Nodepool.Core.Config.Templates;

/// <summary>A field of a template.</summary>
/// <param name="Name">A name of the vocabulary.</param>
/// <param name="Indexes">What is looked for in it: positions of lists and texts, keys of objects.</param>
/// <param name="Conversion">s, r, a or null.</param>
/// <param name="Spec">How it is written, or null.</param>
internal sealed record FormatField(string Name, ValueList<string> Indexes, char? Conversion, FormatSpec? Spec)
{
    /// <summary>Name and indexes as they are written.</summary>
    public string Path => Name + string.Concat(Indexes.Select(index => $"[{index}]"));

    /// <exception cref="FormatException">The value does not have it, or cannot be written so.</exception>
    public string Evaluate(ValueMap<JsonNode?> values)
    {
        var value = values.GetValueOrDefault(Name);
        foreach (var index in Indexes)
        {
            value = Look(value, index);
        }

        return Conversion switch
        {
            null when Spec is null => PythonText.Of(value),
            null => Spec.Apply(value) ?? throw new FormatException($"{{{Path}}} is {PythonText.KindOf(value)}, which the format ':{Spec.Text}' is not for"),
            _ => Convert(value),
        };
    }

    private string Convert(JsonNode? value)
    {
        var text = Conversion == 's' ? PythonText.Of(value) : PythonText.Literal(value, isAscii: Conversion == 'a');
        return Spec is null ? text : Spec.Apply(JsonValue.Create(text))!;
    }

    private JsonNode? Look(JsonNode? value, string index)
    {
        var isPosition = int.TryParse(index, NumberStyles.None, CultureInfo.InvariantCulture, out var position);
        return value switch
        {
            JsonArray list when isPosition && position < list.Count => list[position],

            // Python takes digits as a position, so an object, whose keys are texts, has nothing under them.
            JsonObject map when !isPosition && map.TryGetPropertyValue(index, out var member) => member,
            JsonValue text when isPosition && text.GetValueKind() == JsonValueKind.String && position < text.GetValue<string>().Length =>
                JsonValue.Create(text.GetValue<string>()[position].ToString()),
            _ => throw new FormatException($"{{{Path}}}: {PythonText.KindOf(value)} has no [{index}]"),
        };
    }
}
