using System.CommandLine;
using Nodepool.Roles;

namespace Nodepool.Cli;

/// <summary><c>nodepool launcher</c>, <c>nodepool-launcher</c>, <c>nodepoold</c>.</summary>
internal static class LauncherCommand
{
    public static Command Create(CommandFrame frame)
    {
        var switches = new LauncherSwitches();
        var ignored = new IgnoredOptions();
        var command = new Command("launcher", "Serve requests: launch, hand out and delete nodes; with the web lists");
        Array.ForEach([.. switches.All, .. ignored.All], command.Options.Add);
        return RoleCommand.Create(frame, command, (call, order) =>
        {
            ignored.Warn(call);
            return switches.Apply(order with { Names = [RoleOrder.Launcher, RoleOrder.Web] }, call);
        });
    }
}
