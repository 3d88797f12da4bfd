using System.CommandLine;
using Nodepool.Roles;

namespace Nodepool.Cli;

/// <summary><c>nodepool web</c>.</summary>
internal static class WebCommand
{
    public static Command Create(CommandFrame frame) =>
        RoleCommand.Create(frame, new Command("web", "Serve the web lists"), (_, order) => order with { Names = [RoleOrder.Web] });
}
