using Nodepool.Cli;
using Nodepool.Cli.Reference;
using Nodepool.Tests.Layout;

namespace Nodepool.Tests.Cli;

/// <summary>
/// What each verb prints on a rich store. To add a verb: write golden/VERB.txt with lines <c>$ nodepool VERB …</c>, run these tests with
/// NODEPOOL_WRITE_GOLDEN=1 and read what they wrote. VERB.json is the answer to the first of the lines with <c>-o json</c>.
/// </summary>
public sealed class GoldenTests
{
    public static TheoryData<string> AllVerbs => [.. Verbs().Select(verb => verb.Name)];

    public static TheoryData<string> AnsweringVerbs => [.. Verbs().Where(verb => verb.Forms.Count > 1).Select(verb => verb.Name)];

    [Theory]
    [MemberData(nameof(AllVerbs))]
    public async Task Help_OfTheVerb_IsAsWritten(string verb)
    {
        using var cli = new TestCli();

        Assert.Equal(0, await cli.RunAsync(verb, "--help"));

        Assert.Equal("", cli.Error);
        GoldenFile.Check(In($"{verb}.help.txt"), WithoutCommonOptions(cli.Out));
    }

    [Fact]
    public async Task Help_OfTheProgram_IsAsWritten()
    {
        using var cli = new TestCli();

        Assert.Equal(0, await cli.RunAsync("--help"));

        GoldenFile.Check(In("nodepool.help.txt"), cli.Out);
    }

    [Theory]
    [MemberData(nameof(AnsweringVerbs))]
    public async Task Answer_ForPeople_IsAsWritten(string verb)
    {
        using var cli = new TestCli();
        RichStore.Fill(cli.Store);
        RichCloud.Fill(cli);

        GoldenFile.Check(In($"{verb}.txt"), await Transcript.RunAsync(cli, Lines(verb)));
    }

    [Theory]
    [MemberData(nameof(AnsweringVerbs))]
    public async Task Answer_AsJson_IsAsWritten(string verb)
    {
        using var cli = new TestCli();
        RichStore.Fill(cli.Store);
        RichCloud.Fill(cli);

        Assert.Equal(0, await cli.RunAsync([.. Transcript.Words(Lines(verb)[0]), "-o", "json"]));

        using var json = System.Text.Json.JsonDocument.Parse(cli.Out);
        GoldenFile.Check(In($"{verb}.json"), cli.Out);
    }

    [Theory]
    [MemberData(nameof(AllVerbs))]
    public void Examples_OfTheVerb_CanBeParsed(string name)
    {
        using var cli = new TestCli();
        var root = CommandLine.Root(cli.World(), new GlobalOptions());
        var verb = ReferencePage.Verbs(root).Single(verb => verb.Name == name);

        Assert.NotEmpty(verb.Examples);
        Assert.All(verb.Examples, example =>
        {
            // What stands before and behind is the shell's.
            var line = example.Line[(example.Line.IndexOf("nodepool ", StringComparison.Ordinal) + "nodepool ".Length)..].Split(['|', '>', ')'])[0];
            var parsed = root.Parse(Transcript.Words(line));
            Assert.Empty(parsed.Errors);
            Assert.Same(verb, parsed.CommandResult.Command);
            Assert.False(example.Effect.EndsWith('.'), example.Effect);
        });
    }

    [Fact]
    public void Reference_OfAllVerbs_IsCurrent()
    {
        using var cli = new TestCli();
        var root = CommandLine.Root(cli.World(), new GlobalOptions());

        GoldenFile.Check(
            Path.Combine(SourceTree.Root, "docs/cli.md"),
            MarkdownReference.Of(ReferencePage.Of(root), [.. ReferencePage.Verbs(root).Select(verb => ReferencePage.Of(root, verb))]));
    }

    [Fact]
    public void Files_WithoutAVerb_DoNotExist()
    {
        var verbs = Verbs().Select(verb => verb.Name).Append("nodepool").ToHashSet(StringComparer.Ordinal);

        Assert.All(Directory.EnumerateFiles(GoldenFile.Directory), path => Assert.Contains(Path.GetFileName(path).Split('.')[0], verbs));
    }

    /// <summary>They are in the golden of the program: so a new one changes one file.</summary>
    private static string WithoutCommonOptions(string help)
    {
        var start = help.IndexOf("Options of all commands:\n", StringComparison.Ordinal);
        return help[..start] + help[(help.IndexOf("\n\n", start, StringComparison.Ordinal) + 2)..];
    }

    private static string In(string file) => Path.Combine(GoldenFile.Directory, file);

    /// <summary>The command lines that the verb's golden holds; a new one begins with the bare verb.</summary>
    private static IReadOnlyList<string> Lines(string verb)
    {
        var file = In($"{verb}.txt");
        var lines = File.Exists(file) ? Transcript.Lines(File.ReadAllText(file)) : GoldenFile.IsWriting ? [verb] : [];
        Assert.True(lines.Count > 0, $"{file} is missing or has no line '$ nodepool {verb} …': write one, then run this test with NODEPOOL_WRITE_GOLDEN=1");
        return lines;
    }

    private static List<Verb> Verbs()
    {
        using var cli = new TestCli();
        return [.. ReferencePage.Verbs(CommandLine.Root(cli.World(), new GlobalOptions()))];
    }
}
