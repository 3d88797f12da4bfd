using System.CommandLine;
using Nodepool.Cli.Arguments;
using Nodepool.Cli.Output;
using Nodepool.Core.Operations;

namespace Nodepool.Cli.Commands;

/// <summary><c>nodepool hold</c>.</summary>
internal static class HoldCommand
{
    public static Command Create(CommandFrame frame)
    {
        var node = NodeIds.One();
        var reason = new Option<string?>("--reason") { Description = "Why, for those who see it in the list", HelpName = "TEXT" };
        var expires = Durations.Option("--expires", "Delete it after this time (default: only max-hold-age of the configuration counts)");
        var command = new Verb(
            "hold",
            "Keep a node for a human instead of deleting it after use",
            new Example("nodepool hold 42", "Keep node 0000000042 until somebody returns or deletes it"),
            new Example("nodepool hold 42 --reason 'kernel panic' --expires 86400", "Keep it for a day and say why")) { node, reason, expires };
        return frame.Action(command, OutputForms.List, async (call, ct) =>
        {
            var limit = Durations.Of(call.Value(expires));
            await using var engine = await call.OpenStoreAsync(ct);
            var actions = new NodeActions(engine, call.World.Sources, call.World.Who);
            var end = limit is null ? "until somebody returns or deletes it" : $"for {limit.Value.TotalSeconds:0} s";
            return await NodeAnswer.ForEachAsync(
                call, engine, [call.Value(node)], id => actions.HoldAsync(id, call.Value(reason), limit, ct), (id, _) => $"is held {end}: nodepool return {id}", ct);
        });
    }
}
