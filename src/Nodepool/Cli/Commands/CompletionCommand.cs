using System.CommandLine;
using Nodepool.Cli.Completion;
using Nodepool.Cli.Output;

namespace Nodepool.Cli.Commands;

/// <summary><c>nodepool completion</c>.</summary>
internal static class CompletionCommand
{
    public static Command Create(CommandFrame frame)
    {
        var shell = new Argument<string>("SHELL") { Description = $"Name of the shell: {string.Join(", ", ShellScripts.ByShell.Keys)}" }.AcceptOnlyFromAmong([.. ShellScripts.ByShell.Keys]);
        var verb = new Verb(
            "completion",
            "Print the script that lets a shell complete commands, options and names",
            "Completes commands, options and their words, file names, and what exists now: nodes, requests, labels, providers, images, builds and uploads of the configuration and the store that the line names.",
            new Example("source <(nodepool completion bash)", "Complete in this bash; the same with zsh"),
            new Example("nodepool completion bash > /usr/share/bash-completion/completions/nodepool", "Complete in every bash from now on"),
            new Example("nodepool completion zsh > /usr/local/share/zsh/site-functions/_nodepool", "The same for zsh"),
            new Example("nodepool completion fish > ~/.config/fish/completions/nodepool.fish", "The same for fish")) { shell };
        return frame.Action(verb, OutputForms.None, (call, _) =>
        {
            call.World.Out.Write(ShellScripts.ByShell[call.Value(shell)]);
            return Task.FromResult(ExitStatus.Ok);
        });
    }
}
