using System.Text.Json;
using Nodepool.Core.Collections;
using Nodepool.Core.Config.Reading.Yaml;

namespace Nodepool.Core.Config.Reading;

/// <summary>
/// Reads YAML and JSON of other programs, whose keys are not ours to check. Single values stay the text that is written: a password of
/// digits keeps its zeros, and whoever reads a key decides what it means.
/// </summary>
public static class ForeignText
{
    private const int LongestText = 4 * 1024 * 1024;

    /// <summary>The outermost mapping; empty when the text holds nothing; null after adding what is wrong.</summary>
    /// <param name="file">Path as messages shall show it; what ends in <c>.json</c> is read as JSON.</param>
    /// <param name="text">The content; no part of it gets into a message.</param>
    /// <param name="problem">What is wrong and where, in words; null when nothing is.</param>
    public static DataValue.Mapping? Read(string file, string text, out string? problem)
    {
        if (text.Length > LongestText)
        {
            problem = $"{file}: longer than {LongestText} characters";
            return null;
        }

        var value = file.EndsWith(".json", StringComparison.OrdinalIgnoreCase) ? OfJson(file, text, out problem) : OfYaml(file, text, out problem);
        if (value is DataValue.Nothing)
        {
            return new DataValue.Mapping(ValueMap<DataValue>.Empty);
        }

        problem ??= value is DataValue.Mapping ? null : $"{file}: the file must be a mapping ('key: value' lines)";
        return value as DataValue.Mapping;
    }

    private static DataValue? OfYaml(string file, string text, out string? problem)
    {
        problem = null;
        if (SecureText.IsEmpty(text))
        {
            return new DataValue.Nothing();
        }

        var source = new ConfigText(file, "/", text, _ => null, int.MaxValue, isSecret: true);
        var problems = new ProblemList(source);
        var root = YamlLoader.Load(source, problems);
        problem = problems.Sorted().FirstOrDefault(found => found.IsError)?.ToString();
        return root is null || problem is not null ? null : YamlData.TextsOf(root);
    }

    private static DataValue? OfJson(string file, string text, out string? problem)
    {
        problem = null;
        try
        {
            using var json = JsonDocument.Parse(text);
            return OfJson(json.RootElement);
        }
        catch (JsonException e)
        {
            // The exception's own words may show a piece of the file.
            problem = $"{file}:{(e.LineNumber ?? 0) + 1}:{(e.BytePositionInLine ?? 0) + 1}: error: this is not JSON";
            return null;
        }
    }

    private static DataValue OfJson(JsonElement element) => element.ValueKind switch
    {
        JsonValueKind.Object => new DataValue.Mapping(new ValueMap<DataValue>(
            element.EnumerateObject().DistinctBy(member => member.Name).Select(member => KeyValuePair.Create(member.Name, OfJson(member.Value))))),
        JsonValueKind.Array => new DataValue.Sequence(element.EnumerateArray().Select(OfJson).ToValueList()),
        JsonValueKind.String => new DataValue.Text(element.GetString()!),
        JsonValueKind.Null or JsonValueKind.Undefined => new DataValue.Nothing(),
        _ => new DataValue.Text(element.GetRawText()),
    };
}
