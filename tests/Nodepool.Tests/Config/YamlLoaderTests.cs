using System.Text;
using Nodepool.Core.Config.Reading;
using Nodepool.Core.Config.Reading.Yaml;

namespace Nodepool.Tests.Config;

/// <summary>What the loader makes of YAML; the expectations were compared with PyYAML's safe loader.</summary>
public sealed class YamlLoaderTests
{
    [Theory]
    [InlineData("a: &x {p: 1, q: 2}\nb: {<<: *x, q: 3}", "{a: {p: 1, q: 2}, b: {p: 1, q: 3}}")]
    [InlineData("a: &x {p: 1}\nb: &y {p: 2, r: 3}\nc: {<<: [*x, *y]}\nd: {<<: [*y, *x]}", "{a: {p: 1}, b: {p: 2, r: 3}, c: {p: 1, r: 3}, d: {p: 2, r: 3}}")]
    [InlineData("a: &x {p: 1}\nb: &y {p: 2}\nc:\n  <<: *x\n  <<: *y", "{a: {p: 1}, b: {p: 2}, c: {p: 2}}")]
    [InlineData("a: {<<: {<<: {p: 1}, q: 2}, r: 3}", "{a: {p: 1, q: 2, r: 3}}")]
    [InlineData("a: {'<<': 1}", "{a: {<<: 1}}")]
    [InlineData("a: &x [1, 2]\nb: *x\nc: [*x]", "{a: [1, 2], b: [1, 2], c: [[1, 2]]}")]
    [InlineData("a: &x 1\nb: &x 2\nc: *x", "{a: 1, b: 2, c: 2}")]
    [InlineData("a: &k key\n*k : v", "{a: key, key: v}")]
    [InlineData("a: |\n  x\n   y\nb: >-\n  f\n  g\n", "{a: x\n y\n, b: f g}")]
    [InlineData("a: 'it''s'\nb: \"\\x41\\u00e9\"\nc: plain text # note", "{a: it's, b: Aé, c: plain text}")]
    [InlineData("ä: ö\n日本: 😀", "{ä: ö, 日本: 😀}")]
    [InlineData("a: 1\r\nb:\r\n- x\r\n", "{a: 1, b: [x]}")]
    [InlineData("%YAML 1.1\n---\na: 1\n...\n", "{a: 1}")]
    [InlineData("\uFEFFa: 1", "{a: 1}")]
    [InlineData("a:\nb: ~", "{a: , b: ~}")]
    [InlineData("? a\n: b", "{a: b}")]
    [InlineData("a: !!str 1\nb: ! x", "{a: 1, b: x}")]
    [InlineData("a: {b: 1,\n  c: [1,\n  2], }", "{a: {b: 1, c: [1, 2]}}")]
    public void Load_ValidText_IsReadAsPyYamlReadsIt(string text, string expected)
    {
        var (node, problems) = Load(text);

        Assert.Empty(problems);
        Assert.Equal(expected, Show(node!));
    }

    [Theory]
    [InlineData("yes", true)]
    [InlineData("On", true)]
    [InlineData("TRUE", true)]
    [InlineData("no", false)]
    [InlineData("off", false)]
    [InlineData("False", false)]
    [InlineData("y", null)]
    [InlineData("yEs", null)]
    [InlineData("1", null)]
    public void ToBool_Yaml11Words_AreUnderstood(string text, bool? expected) => Assert.Equal(expected, YamlTypes.ToBool(text));

    [Theory]
    [InlineData("0", 0L)]
    [InlineData("-12", -12L)]
    [InlineData("+1_000", 1000L)]
    [InlineData("0755", 493L)]
    [InlineData("0o755", 493L)]
    [InlineData("0x1F", 31L)]
    [InlineData("0b101", 5L)]
    [InlineData("1:30", 90L)]
    [InlineData("-1:30:05", -5405L)]
    [InlineData("99999999999999999999", long.MaxValue)]
    [InlineData("-0xffffffffffffffffffff", long.MinValue)]
    [InlineData("08", null)]
    [InlineData("1:60", null)]
    [InlineData("1.0", null)]
    [InlineData("0x", null)]
    [InlineData("", null)]
    [InlineData("_1", null)]
    public void ToInteger_Yaml11Forms_AreUnderstood(string text, long? expected) => Assert.Equal(expected, YamlTypes.ToInteger(text));

    [Theory]
    [InlineData("1.5", 1.5)]
    [InlineData("-.5", -0.5)]
    [InlineData("5.", 5.0)]
    [InlineData("1_0.5e+2", 1050.0)]
    [InlineData("1e3", 1000.0)]
    [InlineData("190:20:30.15", 685230.15)]
    [InlineData("-.inf", double.NegativeInfinity)]
    [InlineData(".NaN", double.NaN)]
    [InlineData("0x10", 16.0)]
    [InlineData("1.2.3", null)]
    [InlineData("e3", null)]
    public void ToNumber_Yaml11Forms_AreUnderstood(string text, double? expected) => Assert.Equal(expected, YamlTypes.ToNumber(text));

    [Theory]
    [InlineData("a: 1\nb: 2\na: 3", "3:1: warning: a: 'a' was given before, on line 1; the later one, here, counts")]
    [InlineData("", "1:1: error: the file holds no configuration")]
    [InlineData("# only this\n", "1:1: error: the file holds no configuration")]
    [InlineData("a: 1\n---\nb: 2", "2:1: error: a second YAML document begins here; one file holds one configuration: remove the '---' line")]
    [InlineData("a: *x", "1:4: error: a: no anchor '&x' before this alias")]
    [InlineData("image: &image 1\nb: *imgae", "2:4: error: b: no anchor '&imgae' before this alias (did you mean 'image'?)")]
    [InlineData("a: &x [*x]", "1:8: error: a[0]: the alias '*x' stands inside its own anchor")]
    [InlineData("a: {<<: 5}", "1:9: error: a: only a mapping or a list of mappings can be merged with '<<', this is a single value")]
    [InlineData("[a]: 1", "1:1: error: ?: a key must be a single value, not a list or mapping")]
    [InlineData("a: !vault x", "1:4: error: a: the tag '!vault' is not understood here; remove it")]
    [InlineData("a: !!python/name:os.system x", "1:4: error: a: the tag 'tag:yaml.org,2002:python/name:os.system' is not understood here; remove it")]
    [InlineData("a: \u0001", "1:4: error: the character U+0001 is not allowed in YAML; is this a text file?")]
    [InlineData("a:\n\tb: 1", "2:1: error: a: a tab in the indentation; YAML is indented with blanks only")]
    [InlineData("a:\n  - b\n  -\tc: 1\n\t  d: 2", "4:1: error: a[1].c: a tab in the indentation; YAML is indented with blanks only")]
    [InlineData("a: [1, 2\nb: 3", "1:4: error: a[1]: the list that is opened here with '[' is not closed or lacks a comma: ']' or ',' expected near line 1")]
    [InlineData("a: {b: 1", "1:4: error: a.b: the mapping that is opened here with '{' is not closed or lacks a comma: '}' or ',' expected before the end of the file")]
    [InlineData("a: 'x\nb: 1", "1:4: error: a: the quotes that are opened here are never closed")]
    [InlineData("a: \"x\nb: 1\n", "1:4: error: a: the quotes that are opened here are never closed")]
    [InlineData("a: b: c", "1:5: error: a: a key where none can be: a second ': ' in a value that has no quotes, or a line that is indented too deep")]
    [InlineData("a:\n  b: 1\n c: 2", "3:2: error: a key or the end of the mapping that begins on line 1 expected; is this line indented like the others?")]
    [InlineData("- a\nb: 1", "2:1: error: [1]: a '- ' or the end of the list that begins on line 1 expected; is this line indented like the others?")]
    [InlineData("a: @x", "1:4: error: a: a value cannot begin with '@'; put it in quotes")]
    [InlineData("a: %(NODEPOOL_X)", "1:4: error: a: the environment has no variable 'NODEPOOL_X', and '%' cannot begin a value; set it, or put the value in quotes")]
    [InlineData("a: \"\\q\"", "1:4: error: a: an unknown '\\' escape in double quotes; double the backslash or use single quotes")]
    [InlineData("a: - x", "1:4: error: a: a list element '- ' cannot stand here; put it on a line of its own below the key")]
    [InlineData("a: | x", "1:4: error: a: after '|' or '>' the line must end, the text begins on the next one; or put the value in quotes")]
    public void Load_DoubtfulText_IsReportedWithPlaceAndPath(string text, string expected)
    {
        var (_, problems) = Load(text);

        Assert.Equal("np.yaml:" + expected, Assert.Single(problems).ToString());
    }

    [Fact]
    public void Load_ColumnAfterWideCharacters_CountsCodePoints()
    {
        var (_, problems) = Load("{\"😀\": 1, 日: *x}");

        Assert.Equal((1, 13), (problems[0].Line, problems[0].Column));
    }

    [Fact]
    public void Load_Template_KeepsPlacesOfTheFile()
    {
        var text = new ConfigText("np.yaml", "/", "a: %(NODEPOOL_A)\nb: [%(NODEPOOL_A), *x, %(NODEPOOL_A), *y]\n", _ => "a value that is longer", 1000);
        var problems = new ProblemList(text);

        YamlLoader.Load(text, problems);

        Assert.Equal([(2, 20), (2, 39)], problems.Sorted().Select(problem => (problem.Line, problem.Column)));
    }

    private static (YamlNode? Node, IReadOnlyList<ConfigProblem> Problems) Load(string source)
    {
        var text = new ConfigText("np.yaml", "/", source, _ => null, YamlLimits.Length);
        var problems = new ProblemList(text);
        return (YamlLoader.Load(text, problems), problems.Sorted());
    }

    private static string Show(YamlNode node)
    {
        var text = new StringBuilder();
        Write(node);
        return text.ToString();

        void Write(YamlNode part)
        {
            switch (part)
            {
                case YamlScalar scalar:
                    text.Append(scalar.Text);
                    break;
                case YamlSequence list:
                    text.Append('[');
                    Join(list.Items.Select(item => ("", item.Value)));
                    text.Append(']');
                    break;
                case YamlMapping mapping:
                    text.Append('{');
                    Join(mapping.Entries.Select(entry => (entry.Key + ": ", entry.Value)));
                    text.Append('}');
                    break;
            }
        }

        void Join(IEnumerable<(string Prefix, YamlNode Value)> parts)
        {
            var separator = "";
            foreach (var (prefix, value) in parts)
            {
                text.Append(separator).Append(prefix);
                Write(value);
                separator = ", ";
            }
        }
    }
}
