using System.CommandLine;
using System.CommandLine.Help;

namespace Nodepool.Cli;

/// <summary>The command line: all commands, and what happens to a line before one of them gets it.</summary>
internal static class CommandLine
{
    /// <summary>Runs one command line.</summary>
    /// <returns>The exit status.</returns>
    public static async Task<int> RunAsync(IReadOnlyList<string> arguments, CliWorld world, CancellationToken ct)
    {
        var options = new GlobalOptions();
        var root = Root(options, new CommandFrame(world, options));
        var parsed = root.Parse(CallName.Expand(world.ProgramName, arguments));
        var invocation = new InvocationConfiguration { Output = world.Out, Error = world.Error, EnableDefaultExceptionHandler = false, ProcessTerminationTimeout = null };
        if (parsed.Action is HelpAction)
        {
            return await parsed.InvokeAsync(invocation, ct);
        }

        if (parsed.GetValue(options.Version))
        {
            world.Out.WriteLine($"Nodepool version: {ProgramVersion.Text}");
            return ExitStatus.Ok;
        }

        if (parsed.CommandResult.Command == root && parsed.UnmatchedTokens.Count == 0)
        {
            root.Parse(["--help"]).Invoke(new InvocationConfiguration { Output = world.Error, Error = world.Error });
            return ExitStatus.Usage;
        }

        if (parsed.Errors is [var error, ..])
        {
            var name = parsed.CommandResult.Command == root ? "nodepool" : $"nodepool {parsed.CommandResult.Command.Name}";
            world.Error.WriteLine($"nodepool: {OneLine(error.Message)}; see {name} --help");
            return ExitStatus.Usage;
        }

        return await parsed.InvokeAsync(invocation, ct);
    }

    private static string OneLine(string message) =>
        string.Join(' ', message.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries)).TrimEnd('.');

    private static RootCommand Root(GlobalOptions options, CommandFrame frame)
    {
        var root = new RootCommand("Builds disk images, keeps pools of single-use nodes booted from them, and hands nodes to CI systems.")
        {
            UpCommand.Create(frame),
            LauncherCommand.Create(frame),
            BuilderCommand.Create(frame),
            WebCommand.Create(frame),
            StatusCommand.Create(frame),
            ListCommand.Create(frame),
            RequestListCommand.Create(frame),
            ImageListCommand.Create(frame),
            DibImageListCommand.Create(frame),
            ImageStatusCommand.Create(frame),
            RequestCommand.Create(frame),
            ReturnCommand.Create(frame),
            HoldCommand.Create(frame),
            DeleteCommand.Create(frame),
            ImageBuildCommand.Create(frame),
            ImageDeleteCommand.Create(frame),
            DibImageDeleteCommand.Create(frame),
            ImagePauseCommand.Create(frame),
            ImageUnpauseCommand.Create(frame),
            ConfigValidateCommand.Create(frame),
        };
        root.Options.Remove(root.Options.Single(option => option is VersionOption));
        foreach (var option in options.All)
        {
            root.Options.Add(option);
        }

        return root;
    }
}
