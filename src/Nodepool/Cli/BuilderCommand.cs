using System.CommandLine;
using Nodepool.Roles;

namespace Nodepool.Cli;

/// <summary><c>nodepool builder</c>, <c>nodepool-builder</c>.</summary>
internal static class BuilderCommand
{
    public static Command Create(CommandFrame frame)
    {
        var workers = new WorkerOptions();
        var command = new Command("builder", "Build images and upload them to providers");
        Array.ForEach(workers.All, command.Options.Add);
        return RoleCommand.Create(frame, command, (call, order) => workers.Apply(order with { Names = [RoleOrder.Builder] }, call));
    }
}
