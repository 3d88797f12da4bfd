using System.CommandLine;
using Nodepool.Core.Operations;

namespace Nodepool.Cli;

/// <summary><c>nodepool return</c>.</summary>
internal static class ReturnCommand
{
    public static Command Create(CommandFrame frame)
    {
        var nodes = NodeIds.Many();
        var command = new Command("return", "Give nodes back that were requested or held; they are deleted and replaced") { nodes };
        return frame.Action(command, async (call, ct) =>
        {
            await using var engine = await call.OpenStoreAsync(ct);
            var actions = new NodeActions(engine, call.World.Sources, call.World.Who);
            return await NodeAnswer.ForEachAsync(call, engine, call.Value(nodes), id => actions.ReturnAsync(id, ct), "is given back; a launcher deletes it", ct);
        });
    }
}
