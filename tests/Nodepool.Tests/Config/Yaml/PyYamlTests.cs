using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Nodepool.Core.Config.Reading;
using Nodepool.Core.Config.Reading.Yaml;
using Nodepool.Tests.Layout;

namespace Nodepool.Tests.Config.Yaml;

/// <summary>Tricky snippets, and what PyYAML made of them when <c>pyyaml.py</c> wrote the table; where this differs, it says so.</summary>
public sealed class PyYamlTests
{
    [Fact]
    public void Load_EverySnippet_IsWhatPyYamlMakesOfIt()
    {
        var rows = Rows("pyyaml.tsv");
        var differing = Rows("differences.tsv").ToDictionary(row => row[0], row => row[1], StringComparer.Ordinal);

        Assert.InRange(rows.Count, 700, 5000);
        var wrong = rows
            .Select(row => (Snippet: row[0], Expected: Normal(differing.GetValueOrDefault(row[0], row[1])), Actual: Normal(Read(JsonSerializer.Deserialize<string>(row[0])!))))
            .Where(row => row.Expected != row.Actual)
            .Select(row => $"{row.Snippet}\t{row.Actual}\t{row.Expected}")
            .ToList();
        Assert.True(wrong.Count == 0, $"{wrong.Count} snippets differ (snippet, here, PyYAML):\n{string.Join('\n', wrong)}");
    }

    [Fact]
    public void Differences_All_AreOfTheTable()
    {
        var known = Rows("pyyaml.tsv").ToDictionary(row => row[0], row => row[1], StringComparer.Ordinal);

        Assert.All(Rows("differences.tsv"), row =>
        {
            Assert.Equal(3, row.Length);
            Assert.NotEqual(Normal(known[row[0]]), Normal(row[1]));
        });
    }

    private static List<string[]> Rows(string file) =>
        [.. File.ReadLines(Path.Combine(SourceTree.Root, "tests", "Nodepool.Tests", "Config", "Yaml", file)).Select(line => line.Split('\t'))];

    private static string Read(string snippet)
    {
        var text = new ConfigText("np.yaml", "/", snippet, _ => null, YamlLimits.Length);
        var problems = new ProblemList(text);
        var node = YamlLoader.Load(text, problems);
        return node is null || problems.HasError ? "\"error\"" : Show(node)?.ToJsonString() ?? "null";
    }

    private static JsonNode? Show(YamlNode node) => node switch
    {
        YamlMapping mapping => new JsonObject(mapping.Entries.Select(entry => KeyValuePair.Create(entry.Key, Show(entry.Value)))),
        YamlSequence list => new JsonArray([.. list.Items.Select(item => Show(item.Value))]),
        YamlScalar { IsPlain: false } scalar => scalar.Text,
        YamlScalar { IsNull: true } => null,
        YamlScalar scalar when YamlTypes.ToBool(scalar.Text) is { } truth => truth,
        YamlScalar scalar when YamlTypes.ToNumber(scalar.Text) is { } number =>
            double.IsFinite(number) ? number : double.IsNaN(number) ? "nan" : number > 0 ? "inf" : "-inf",
        YamlScalar scalar => scalar.Text,
        _ => throw new InvalidOperationException(),
    };

    /// <summary>One spelling for each value.</summary>
    private static string Normal(string json)
    {
        return Write(JsonNode.Parse(json));

        static string Write(JsonNode? node) => node switch
        {
            JsonObject map => "{" + string.Join(',', map.Select(pair => JsonSerializer.Serialize(pair.Key) + ":" + Write(pair.Value))) + "}",
            JsonArray list => "[" + string.Join(',', list.Select(Write)) + "]",
            JsonValue value when value.GetValueKind() == JsonValueKind.Number => value.GetValue<JsonElement>().GetDouble().ToString("R", CultureInfo.InvariantCulture),
            _ => node?.ToJsonString() ?? "null",
        };
    }
}
