using System.CommandLine;
using Nodepool.Roles;

namespace Nodepool.Cli.Commands;

/// <summary><c>nodepool web</c>.</summary>
internal static class WebCommand
{
    public static Command Create(CommandFrame frame) =>
        RoleCommand.Create(frame, new Verb(
            "web",
            "Serve the web lists",
            "The lists are those of the launcher's webapp. Address and port are those of 'webapp' in the configuration.",
            new Example("nodepool web", "Serve the lists until SIGINT or SIGTERM")), (_, order) => order with { Names = [RoleOrder.Web] });
}
