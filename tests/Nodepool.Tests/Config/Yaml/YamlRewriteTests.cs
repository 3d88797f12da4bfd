using System.Globalization;
using System.Text;
using Nodepool.Core.Config.Reading;
using Nodepool.Core.Config.Reading.Yaml;

namespace Nodepool.Tests.Config.Yaml;

/// <summary>Texts that PyYAML reads and the parser refuses, and that what is said of them points into the text as it is written.</summary>
public sealed class YamlRewriteTests
{
    [Theory]
    [InlineData(11)]
    [InlineData(12)]
    [InlineData(13)]
    public void Load_AnyIndentationInsideBrackets_MeansTheSameAndKeepsPlaces(int seed)
    {
        var random = new Random(seed);
        for (var round = 0; round < 300; round++)
        {
            var text = new Printer(random).Document();

            var (node, problems) = Load(text);

            Assert.True(problems.Count == 0, $"{string.Join('\n', problems)}\n{text}");
            var entries = Assert.IsType<YamlMapping>(node).Entries.SelectMany(Leaves).Where(leaf => leaf.Text[0] != 't').ToList();
            Assert.All(entries, leaf => Assert.Equal(leaf.Text, text[leaf.Span.Start..leaf.Span.End].Trim('"').Split().First(word => word.Length > 0)));
        }
    }

    [Theory]
    [InlineData(21)]
    [InlineData(22)]
    public void Load_ErrorsAfterThem_AreFoundWhereTheyAre(int seed)
    {
        var random = new Random(seed);
        for (var round = 0; round < 200; round++)
        {
            var text = new Printer(random).Document();
            var line = text.Count(c => c == '\n') + 1;

            var (_, syntax) = Load(text + "z: 'a' b\n");
            var (_, alias) = Load(text + "z: [q,\n*none]\n");

            var error = Assert.Single(syntax);
            Assert.True(error.Line >= line && error.IsError, $"{error}\n{text}");
            error = Assert.Single(alias);
            Assert.True((error.Line, error.Column) == (line + 1, 1), $"{error}\n{text}");
        }
    }

    [Theory]
    [InlineData("a: [b,\nc]\nd: [e,\nf\ng: h\n", "3:4: error: d[1]: the list that is opened here with '[' is not closed")]
    [InlineData("a: [b,\nc]\nd: \"e\nf: g\n", "3:4: error: d: the quotes that are opened here are never closed")]
    [InlineData("a: [b,\nc]\nd: e: f\n", "3:5: error: d: a key where none can be")]
    [InlineData("a: [b,\nc]\na: 1\n", "3:1: warning: a: 'a' was given before, on line 1")]
    [InlineData("a: \"b\n c\"\nd: \"\\q\"\n", "3:4: error: d: an unknown '\\' escape")]
    [InlineData("{a: &x 1, b: *y}", "1:14: error: b: no anchor '&y'")]
    public void Load_AfterAPlaceThatOnlyPyYamlReads_ReportsTheNextOne(string text, string expected)
    {
        var (_, problems) = Load(text);

        Assert.StartsWith("np.yaml:" + expected, Assert.Single(problems).ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void Load_SecretThatGoesOn_IsHiddenWhole()
    {
        var text = new ConfigText("np.yaml", "/", "a: {password: \"one\ntwo\", b:\nc}\n", _ => null, YamlLimits.Length);

        Assert.NotNull(YamlLoader.Load(text, new ProblemList(text)));

        Assert.DoesNotContain("one", text.Line(1), StringComparison.Ordinal);
        Assert.Equal("****, b:", text.Line(2));
        Assert.Equal("c}", text.Line(3));
    }

    [Fact]
    public void Of_ManyLinesBelowADeepKey_DoesNotGrowWithoutBound()
    {
        var text = new string(' ', 100_000) + "a: [\n" + string.Concat(Enumerable.Repeat("b,\n", 10_000)) + "]\n";

        Assert.Equal(text, YamlRewrite.Of(text).Result);
    }

    private static IEnumerable<YamlScalar> Leaves(YamlEntry entry) => Leaves(entry.Value);

    private static IEnumerable<YamlScalar> Leaves(YamlNode node) => node switch
    {
        YamlScalar scalar => [scalar],
        YamlSequence list => list.Items.SelectMany(item => Leaves(item.Value)),
        YamlMapping mapping => mapping.Entries.SelectMany(Leaves),
        _ => [],
    };

    private static (YamlNode? Node, IReadOnlyList<ConfigProblem> Problems) Load(string source)
    {
        var text = new ConfigText("np.yaml", "/", source, _ => null, YamlLimits.Length);
        var problems = new ProblemList(text);
        return (YamlLoader.Load(text, problems), problems.Sorted());
    }

    /// <summary>Writes documents whose bracketed lines begin anywhere; every value is a word that occurs once.</summary>
    private sealed class Printer(Random random)
    {
        private readonly StringBuilder _text = new();
        private int _words;

        public string Document()
        {
            for (var i = 0; i < 4; i++)
            {
                Block(0);
            }

            return _text.ToString();
        }

        private void Block(int indent)
        {
            _text.Append(' ', indent).Append(Word("k")).Append(':');
            switch (random.Next(4))
            {
                case 0 when indent < 6:
                    _text.Append('\n');
                    Block(indent + 2);
                    Block(indent + 2);
                    return;
                case 1:
                    _text.Append(" |\n").Append(' ', indent + 1).Append(Word("t")).Append('\n');
                    return;
                default:
                    _text.Append(' ');
                    Flow(0);
                    _text.Append('\n');
                    return;
            }
        }

        private void Flow(int depth)
        {
            switch (random.Next(depth > 3 ? 2 : 4))
            {
                case 0:
                    _text.Append(Word("v"));
                    break;
                case 1:
                    _text.Append('"').Append(Word("q")).Append('"');
                    break;
                case 2:
                    Between("[", "]", () => Flow(depth + 1));
                    break;
                default:
                    Between("{", "}", () =>
                    {
                        _text.Append(Word("k")).Append(':');
                        Gap(" ");
                        Flow(depth + 1);
                    });
                    break;
            }
        }

        private void Between(string open, string close, Action element)
        {
            _text.Append(open);
            for (var i = random.Next(1, 4); i > 0; i--)
            {
                Gap("");
                element();
                _text.Append(i > 1 || random.Next(4) == 0 ? "," : "");
            }

            Gap("");
            _text.Append(close);
        }

        private void Gap(string least) => _text.Append(random.Next(6) switch
        {
            0 => "\n",
            1 => " # it's [a \"note\"\n",
            2 => "\n\n" + new string(' ', random.Next(5)),
            3 => "  ",
            _ => least,
        });

        private string Word(string prefix) => prefix + (++_words).ToString(CultureInfo.InvariantCulture);
    }
}
