using Nodepool.Lists;
using YamlDotNet.RepresentationModel;

namespace Nodepool.Tests.Lists;

public sealed class YamlTextTests
{
    [Fact]
    public void Nested_Values_AreBlocks() => Assert.Equal(
        """
        - a: 1
          b:
          - x
          - c: null
            d: []
          - - 1
            - 2
          e:
            f: {}
        - true

        """,
        YamlText.OfJson("""[{"a":1,"b":["x",{"c":null,"d":[]},[1,2]],"e":{"f":{}}},true]"""));

    [Theory]
    [InlineData("[]", "[]\n")]
    [InlineData("{}", "{}\n")]
    [InlineData("null", "null\n")]
    [InlineData("1e5", "1.0e+5\n")]
    [InlineData("1.5E-7", "1.5e-7\n")]
    [InlineData("340282366920938463463374607431768211455", "340282366920938463463374607431768211455\n")]
    public void Top_OfAnyKind_IsOneLine(string json, string yaml) => Assert.Equal(yaml, YamlText.OfJson(json));

    [Theory]
    [InlineData("debian-12")]
    [InlineData("/nodepool/nodes/0000000001")]
    [InlineData("label debian, other (2)")]
    [InlineData("http://x/y#z")]
    public void Text_ThatNobodyMistakes_IsPlain(string text) => Assert.Equal(text, YamlScalar.Of(text));

    [Theory]
    [InlineData("", "\"\"")]
    [InlineData("No", "\"No\"")]
    [InlineData("y", "\"y\"")]
    [InlineData("off", "\"off\"")]
    [InlineData("NULL", "\"NULL\"")]
    [InlineData("~", "\"~\"")]
    [InlineData("007", "\"007\"")]
    [InlineData("12:30:45", "\"12:30:45\"")]
    [InlineData("2026-01-01", "\"2026-01-01\"")]
    [InlineData(".inf", "\".inf\"")]
    [InlineData("- a", "\"- a\"")]
    [InlineData("a: b", "\"a: b\"")]
    [InlineData("a #b", "\"a #b\"")]
    [InlineData("a:", "\"a:\"")]
    [InlineData(" a", "\" a\"")]
    [InlineData("a ", "\"a \"")]
    [InlineData("say \"hi\"\\", "\"say \\\"hi\\\"\\\\\"")]
    [InlineData("a\nb\t\u001b[31m", "\"a\\nb\\t\\x1b[31m\"")]
    [InlineData("naïve 😀", "\"naïve 😀\"")]
    [InlineData("\u2028\u202e\ufeff", "\"\\u2028\\u202e\\ufeff\"")]
    [InlineData("---", "\"---\"")]
    [InlineData("{a}", "\"{a}\"")]
    public void Text_ThatAReaderCouldMistake_IsQuoted(string text, string yaml) => Assert.Equal(yaml, YamlScalar.Of(text));

    /// <summary>Whatever the text, a reader of YAML gets it back, as a string.</summary>
    [Fact]
    public void Text_OfAnyKind_ComesBack() => CsCheck.Check.Sample(CsCheck.Gen.String, text =>
    {
        // JSON cannot hold half a surrogate pair.
        var whole = System.Text.Encoding.UTF8.GetString(System.Text.Encoding.UTF8.GetBytes(text));
        var stream = new YamlStream();
        stream.Load(new StringReader("a: " + YamlScalar.Of(whole) + "\n"));
        var scalar = (YamlScalarNode)((YamlMappingNode)stream.Documents[0].RootNode)["a"];
        return scalar.Value == whole && (scalar.Style == YamlDotNet.Core.ScalarStyle.DoubleQuoted || whole.Length > 0);
    });
}
