using System.CommandLine;
using Nodepool.Cli.Arguments;
using Nodepool.Guide;
using Nodepool.Roles;

namespace Nodepool.Cli.Commands;

/// <summary><c>nodepool up</c>: everything in one process.</summary>
internal static class UpCommand
{
    /// <summary>How the program was called, so that the lines that it prints work where they are read: by ./dev, or by its path.</summary>
    private static string Program() => Environment.GetEnvironmentVariable("NODEPOOL_CALLED_BY") ?? Environment.ProcessPath ?? "nodepool";

    public static Command Create(CommandFrame frame)
    {
        var workers = new WorkerOptions();
        var switches = new LauncherSwitches();
        var command = new Verb(
            "up",
            "Run everything that one machine needs: builder, launcher and web lists, with an embedded store",
            "Shows what happens on standard error and tells how to use the nodes as soon as they are there.",
            new Example("nodepool up -c nodepool.yaml", "Build the images, keep the nodes ready and serve requests until Ctrl-C"),
            new Example("nodepool up -c nodepool.yaml --check", "Try the whole installation once, unattended"));
        var check = new Option<bool>("--check") { Description = "Use every label that is kept ready once, see it replaced, and stop; the exit status tells" };
        command.Options.Add(check);
        Array.ForEach([.. workers.All, .. switches.All], command.Options.Add);
        return RoleCommand.Create(frame, command, (call, order) => switches.Apply(workers.Apply(
            order with
            {
                Names = [RoleOrder.Builder, RoleOrder.Launcher, RoleOrder.Web],
                IsGuided = true,
                IsCheck = call.Value(check),
                Facts = new UpFacts([Program(), .. order.Files.Options], order.Config.StateDir, call.World.FindLoginKey),
            },
            call), call));
    }
}
