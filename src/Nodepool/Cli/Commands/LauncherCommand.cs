using System.CommandLine;
using Nodepool.Cli.Arguments;
using Nodepool.Roles;

namespace Nodepool.Cli.Commands;

/// <summary><c>nodepool launcher</c>, <c>nodepool-launcher</c>, <c>nodepoold</c>.</summary>
internal static class LauncherCommand
{
    public static Command Create(CommandFrame frame)
    {
        var switches = new LauncherSwitches();
        var ignored = new IgnoredOptions();
        var command = new Verb(
            "launcher",
            "Serve requests: launch, hand out and delete nodes; with the web lists",
            "Also called by the names nodepool-launcher and nodepoold. Runs in the foreground until SIGINT or SIGTERM and ends in order; a second signal ends it at once. Several launchers may run: each pool is served by one of them.",
            new Example("nodepool launcher", "Run a launcher with the configuration /etc/nodepool/nodepool.yaml"),
            new Example("nodepool launcher --no-webapp -c test.yaml --debug", "Run one on another configuration, without the web lists, and log everything"));
        Array.ForEach([.. switches.All, .. ignored.All], command.Options.Add);
        return RoleCommand.Create(frame, command, (call, order) =>
        {
            ignored.Warn(call);
            return switches.Apply(order with { Names = [RoleOrder.Launcher, RoleOrder.Web] }, call);
        });
    }
}
