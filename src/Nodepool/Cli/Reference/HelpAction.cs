using System.CommandLine;
using System.CommandLine.Invocation;

namespace Nodepool.Cli.Reference;

/// <summary>Prints the help of the command that was named.</summary>
internal sealed class HelpAction(CliWorld world, RootCommand root) : SynchronousCommandLineAction
{
    private const int Narrowest = 60;
    private const int Widest = 110;

    /// <summary>Wrong options beside <c>--help</c> do not matter.</summary>
    public override bool ClearsParseErrors => true;

    public override int Invoke(ParseResult parseResult)
    {
        var page = parseResult.CommandResult.Command is Verb verb ? ReferencePage.Of(root, verb) : ReferencePage.Of(root);
        world.Out.Write(HelpText.Of(page, Width));
        return ExitStatus.Ok;
    }

    /// <summary>For a file or a pager the width is the same everywhere.</summary>
    private int Width => world.OutIsTerminal ? Math.Clamp(world.TerminalSize().Columns, Narrowest, Widest) : 80;
}
