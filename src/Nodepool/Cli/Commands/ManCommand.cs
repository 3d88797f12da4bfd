using System.CommandLine;
using Nodepool.Cli.Output;
using Nodepool.Cli.Reference;

namespace Nodepool.Cli.Commands;

/// <summary><c>nodepool man</c>.</summary>
internal static class ManCommand
{
    public static Command Create(CommandFrame frame, Func<RootCommand> root)
    {
        var name = new Argument<string?>("COMMAND") { Description = "Command whose page is wanted (default: that of nodepool itself)", Arity = ArgumentArity.ZeroOrOne };
        var all = new Option<string?>("--write") { Description = "Write the pages of all commands into a directory: nodepool.1, nodepool-list.1, …", HelpName = "DIR" };
        var verb = new Verb(
            "man",
            "Print a man page",
            new Example("nodepool man list | man -l -", "Read the page of a command"),
            new Example("nodepool man --write /usr/local/share/man/man1", "Install all pages, so that man nodepool-list finds them")) { name, all };
        return frame.Action(verb, OutputForms.None, (call, _) =>
        {
            var program = ReferencePage.Of(root());
            IReadOnlyList<ReferencePage> pages = [program, .. ReferencePage.Verbs(root()).Select(verb => ReferencePage.Of(root(), verb))];
            if (call.Value(all) is { } directory)
            {
                Write(directory, pages);
                call.Note($"{pages.Count} pages written to {directory}");
                return Task.FromResult(ExitStatus.Ok);
            }

            var title = call.Value(name) is { } word ? $"nodepool {word}" : program.Title;
            var page = pages.FirstOrDefault(page => page.Title == title)
                ?? throw new CliException($"there is no command '{Logging.Printable.Line(title[9..])}'{Listing.ListFilter.Nearest(title[9..], pages.Skip(1).Select(page => page.Title[9..]))}", ExitStatus.Usage);
            call.World.Out.Write(ManPage.Of(page, SeeAlso(page, pages)));
            return Task.FromResult(ExitStatus.Ok);
        });
    }

    /// <summary>The page of the program leads everywhere, all others lead there.</summary>
    private static IReadOnlyList<ReferencePage> SeeAlso(ReferencePage page, IReadOnlyList<ReferencePage> pages) => page == pages[0] ? [.. pages.Skip(1)] : [pages[0]];

    private static void Write(string directory, IReadOnlyList<ReferencePage> pages)
    {
        try
        {
            Directory.CreateDirectory(directory);
            foreach (var page in pages)
            {
                File.WriteAllText(Path.Combine(directory, ManPage.NameOf(page) + ".1"), ManPage.Of(page, SeeAlso(page, pages)));
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new CliException($"cannot write the pages: {e.Message}");
        }
    }
}
