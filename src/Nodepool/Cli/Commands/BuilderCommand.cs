using System.CommandLine;
using Nodepool.Cli.Arguments;
using Nodepool.Roles;

namespace Nodepool.Cli.Commands;

/// <summary><c>nodepool builder</c>, <c>nodepool-builder</c>.</summary>
internal static class BuilderCommand
{
    public static Command Create(CommandFrame frame)
    {
        var workers = new WorkerOptions();
        var command = new Verb(
            "builder",
            "Build images and upload them to providers",
            "Also called by the name nodepool-builder. Runs in the foreground until SIGINT or SIGTERM and ends in order; a second signal ends it at once. Several builders may run on several hosts: each image is built by one of them.",
            new Example("nodepool builder", "Run a builder with the configuration /etc/nodepool/nodepool.yaml"),
            new Example("nodepool builder --build-workers 2 --upload-workers 8", "Build two images at once and send eight"));
        Array.ForEach(workers.All, command.Options.Add);
        return RoleCommand.Create(frame, command, (call, order) => workers.Apply(order with { Names = [RoleOrder.Builder] }, call));
    }
}
