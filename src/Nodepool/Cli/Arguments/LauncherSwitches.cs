using System.CommandLine;
using Nodepool.Core.Launching;
using Nodepool.Roles;

namespace Nodepool.Cli.Arguments;

/// <summary>Options of commands that host a launcher: what it is to leave alone.</summary>
internal sealed class LauncherSwitches
{
    private readonly Option<bool> _noLaunches = new("--no-launches") { Description = "Begin no new nodes: requests get idle ones or wait, min-ready is off" };
    private readonly Option<bool> _noDeletes = new("--no-deletes") { Description = "Delete no nodes and no leaks" };
    private readonly Option<bool> _noWebapp = new("--no-webapp") { Description = "Without the web lists" };

    public Option[] All => [_noLaunches, _noDeletes, _noWebapp];

    /// <summary>The order with what the command line says.</summary>
    public RoleOrder Apply(RoleOrder order, CliCall call) => order with
    {
        Names = [.. order.Names.Where(name => name != RoleOrder.Web || !call.Value(_noWebapp))],
        LauncherOptions = new LauncherOptions { Launches = !call.Value(_noLaunches), Deletes = !call.Value(_noDeletes) },
    };
}
