using System.CommandLine;
using System.CommandLine.Help;
using Nodepool.Cli.Commands;
using Nodepool.Cli.Completion;
using Nodepool.Cli.Reference;
using HelpAction = Nodepool.Cli.Reference.HelpAction;

namespace Nodepool.Cli;

/// <summary>The command line: all commands, and what happens to a line before one of them gets it.</summary>
internal static class CommandLine
{
    /// <summary>A word that begins with @ is a word, not the name of a file with more words.</summary>
    private static readonly ParserConfiguration AsTyped = new() { ResponseFileTokenReplacer = null };

    /// <summary>Runs one command line.</summary>
    /// <returns>The exit status.</returns>
    public static async Task<int> RunAsync(IReadOnlyList<string> arguments, CliWorld world, CancellationToken ct)
    {
        var options = new GlobalOptions();
        var root = Root(world, options);
        if (arguments is [CompletionCall.Word, ..])
        {
            return await new CompletionCall(world, root, options).RunAsync([.. arguments.Skip(1)], ct);
        }

        var parsed = root.Parse(CallName.Expand(world.ProgramName, arguments), AsTyped);
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
            world.Error.Write(HelpText.Of(ReferencePage.Of(root), 80));
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

    /// <summary>All commands.</summary>
    public static RootCommand Root(CliWorld world, GlobalOptions options)
    {
        var frame = new CommandFrame(world, options);
        RootCommand? root = null;
        root = new RootCommand("Builds disk images, keeps pools of single-use nodes booted from them, and hands nodes to CI systems.")
        {
            UpCommand.Create(frame),
            LauncherCommand.Create(frame),
            BuilderCommand.Create(frame),
            WebCommand.Create(frame),
            StatusCommand.Create(frame),
            ListCommand.Create(frame),
            AlienListCommand.Create(frame),
            RequestListCommand.Create(frame),
            ExplainCommand.Create(frame),
            ImageListCommand.Create(frame),
            DibImageListCommand.Create(frame),
            AlienImageListCommand.Create(frame),
            ImageStatusCommand.Create(frame),
            InfoCommand.Create(frame),
            RequestCommand.Create(frame),
            ReturnCommand.Create(frame),
            HoldCommand.Create(frame),
            DeleteCommand.Create(frame),
            ImageBuildCommand.Create(frame),
            ImageUploadCommand.Create(frame),
            ImageDeleteCommand.Create(frame),
            DibImageDeleteCommand.Create(frame),
            ImagePauseCommand.Create(frame),
            ImageUnpauseCommand.Create(frame),
            JobCreateCommand.Create(frame),
            JobListCommand.Create(frame),
            JobDeleteCommand.Create(frame),
            DrainCommand.Create(frame),
            EraseCommand.Create(frame),
            ExportImageDataCommand.Create(frame),
            ImportImageDataCommand.Create(frame),
            ConfigValidateCommand.Create(frame),
            ConfigMigrateCommand.Create(frame),
            CompletionCommand.Create(frame),
            ManCommand.Create(frame, () => root!),
        };
        root.Options.Clear();
        foreach (Option option in (Option[])[.. options.All, new HelpOption("--help", "-h") { Description = "Show this help and end", Action = new HelpAction(world, root) }])
        {
            root.Options.Add(option);
        }

        return root;
    }
}
