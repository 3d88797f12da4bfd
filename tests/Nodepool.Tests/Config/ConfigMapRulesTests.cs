using System.Buffers;
using System.Text;
using System.Text.Json;
using Nodepool.Core.Collections;
using Nodepool.Core.Config;
using Nodepool.Core.Config.Reading;

namespace Nodepool.Tests.Config;

/// <summary>Rules over several keys, and data that is passed on.</summary>
public sealed class ConfigMapRulesTests
{
    [Theory]
    [InlineData("{a: 1}", "a", "")]
    [InlineData("{c: 1, b: }", "c", "")]
    [InlineData("{d: 1}", null, "1:1: error: 'a', 'b' or 'c' is missing")]
    [InlineData("{c: 1, b: 2}", null, "1:5: error: c: 'b' and 'c' exclude each other; keep one of them")]
    public void ExactlyOne_OfSeveralKeys_IsFoundOrAskedFor(string text, string? expected, string problem)
    {
        var document = Parse(text);

        Assert.Equal(expected, document.Root!.ExactlyOne("a", "b", "c"));

        Assert.Equal(problem, Only(document));
    }

    [Theory]
    [InlineData("{}", "max-servers", "")]
    [InlineData("{max-pods: 2}", "max-pods", "")]
    [InlineData("{max-pods: 2, max-servers: 2}", "max-servers", "1:12: error: max-pods: 'max-servers' and 'max-pods' mean the same; keep 'max-servers'")]
    public void Spelling_OfAKeyWithTwoNames_IsTheOneInUse(string text, string expected, string problem)
    {
        var document = Parse(text);

        Assert.Equal(expected, document.Root!.Spelling("max-servers", "max-pods"));

        Assert.Equal(problem, Only(document));
    }

    [Theory]
    [InlineData("{}", "1:1: error: key: 'key' is missing")]
    [InlineData("{key: }", "1:7: error: key: 'key' is empty; it needs a value")]
    public void Required_AbsentOrEmpty_IsAnError(string text, string problem)
    {
        var maps = Parse(text);
        var texts = Parse(text);
        var words = Parse(text);

        Assert.Null(maps.Root!.RequiredMap("key"));
        Assert.Empty(texts.Root!.RequiredTexts("key"));
        Assert.Equal(3, words.Root!.RequiredChoice("key", ("x", 3)));

        Assert.All([maps, texts, words], document => Assert.Equal(problem, Only(document)));
    }

    [Fact]
    public void IntMap_WrongAmount_IsLocated()
    {
        var document = Parse("quota: {L-1: 4, L-2: x}");

        Assert.Equal(4, document.Root!.IntMap("quota")["L-1"]);

        Assert.Equal("1:22: error: quota.L-2: a whole number of at least 0 expected, found 'x'", Only(document));
    }

    [Theory]
    [InlineData("~", "null")]
    [InlineData("yes", "true")]
    [InlineData("'yes'", "\"yes\"")]
    [InlineData("y", "\"y\"")]
    [InlineData("0x1F", "31")]
    [InlineData("017", "15")]
    [InlineData("0o17", "\"0o17\"")]
    [InlineData("1:30", "90")]
    [InlineData("1_000", "1000")]
    [InlineData("1.50", "1.5")]
    [InlineData("12e45678", "\"12e45678\"")]
    [InlineData("1.0e+3", "1000")]
    [InlineData("1.0e3", "\"1.0e3\"")]
    [InlineData("0x1e5", "485")]
    [InlineData(".inf", "\".inf\"")]
    [InlineData("99999999999999999999", "\"99999999999999999999\"")]
    [InlineData("2001-12-14", "\"2001-12-14\"")]
    [InlineData("!!str 1", "\"1\"")]
    public void Data_Scalars_AreWhatYaml11SaysTheyAre(string scalar, string json) =>
        Assert.Equal($"{{\"v\":{json}}}", Json(Parse($"spec: {{v: {scalar}}}").Root!.Data("spec")!));

    [Fact]
    public void Data_OfAnchorsAndNesting_KeepsOrderAndEqualsItself()
    {
        const string Text = "spec:\n  z: &c [{image: a}, on]\n  b: *c\n  a: {<<: {x: 1}, y: }\n";
        var data = Parse(Text).Root!.Data("spec")!;

        Assert.Equal("""{"z":[{"image":"a"},true],"b":[{"image":"a"},true],"a":{"x":1,"y":null}}""", Json(data));
        Assert.Equal(data, Parse(Text).Root!.Data("spec"));
        Assert.NotEqual(data, Parse(Text.Replace("on]", "off]", StringComparison.Ordinal)).Root!.Data("spec"));
    }

    [Fact]
    public void Data_KeysInside_AreNobodysBusiness()
    {
        var document = Parse("spec: {contaners: 1}\nvolumes: [{nmae: x}]\n");

        document.Root!.Data("spec");
        Assert.Equal("[{\"nmae\":\"x\"}]", Json(new DataValue.Sequence(document.Root!.DataList("volumes"))));
        document.ReportUnknownKeys();

        Assert.Empty(document.Problems);
    }

    [Fact]
    public void Data_NoMapping_IsAnError()
    {
        var document = Parse("spec: [1]");

        Assert.Null(document.Root!.Data("spec"));

        Assert.Equal("1:1: error: spec: a mapping ('key: value' lines) expected, this is a list", Only(document));
    }

    [Fact]
    public void SecretsAndData_PrintedAsPartOfARecord_ShowNothing()
    {
        var map = Parse("password: hunter2\nspec: {a: hunter2}").Root!;

        Assert.DoesNotContain("hunter2", new { Password = map.Secret("password"), Spec = map.Data("spec"), All = ValueList.Create<DataValue>([map.Data("spec")!]) }.ToString(), StringComparison.Ordinal);
        Assert.Equal("hunter2", map.Secret("password")!.Reveal());
        Assert.Equal(map.Secret("password"), new Secret("hunter2"));
        Assert.NotEqual(map.Secret("password"), new Secret("hunter3"));
    }

    [Theory]
    [InlineData("user-data: {a: hunter2}", "user-data")]
    [InlineData("custom-data: [hunter2]", "custom-data")]
    [InlineData("env: [{name: A, value: {x: hunter2}}]", "env")]
    public void Values_OfScriptsAndEnvironments_AreNotRepeated(string text, string key)
    {
        var document = Parse(text);

        document.Root!.Int(key, 0);
        document.Root!.Maps(key).ToList().ForEach(map => map.Int("value", 0));

        Assert.NotEmpty(document.Problems);
        Assert.DoesNotContain(document.Problems, problem => problem.Message.Contains("hunter2", StringComparison.Ordinal));
    }

    private static ConfigDocument Parse(string text) => ConfigDocument.Parse("np.yaml", text);

    private static string Only(ConfigDocument document) =>
        document.Problems.Count == 0 ? "" : Assert.Single(document.Problems).ToString().Replace("np.yaml:", "", StringComparison.Ordinal);

    private static string Json(DataValue value)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer))
        {
            value.WriteTo(json);
        }

        return Encoding.UTF8.GetString(buffer.WrittenSpan);
    }
}
