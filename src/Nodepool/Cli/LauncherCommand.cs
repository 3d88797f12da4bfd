using System.CommandLine;
using Nodepool.Roles;

namespace Nodepool.Cli;

/// <summary><c>nodepool launcher</c>, <c>nodepool-launcher</c>, <c>nodepoold</c>.</summary>
internal static class LauncherCommand
{
    public static Command Create(CommandFrame frame)
    {
        var noWeb = new Option<bool>("--no-webapp") { Description = "Without the web lists" };
        return RoleCommand.Create(
            frame,
            new Command("launcher", "Serve requests: launch, hand out and delete nodes; with the web lists") { noWeb },
            (call, order) => order with { Names = call.Value(noWeb) ? [RoleOrder.Launcher] : [RoleOrder.Launcher, RoleOrder.Web] });
    }
}
