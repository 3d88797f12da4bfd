using System.CommandLine;
using Nodepool.Cli.Output;
using Nodepool.Core.Operations;

namespace Nodepool.Cli;

/// <summary><c>nodepool return</c>.</summary>
internal static class ReturnCommand
{
    public static Command Create(CommandFrame frame)
    {
        var nodes = NodeIds.Many();
        var command = new Verb(
            "return",
            "Give nodes back that were requested or held; they are deleted and replaced",
            new Example("nodepool return 42 43", "Give two nodes back")) { nodes };
        return frame.Action(command, OutputForms.List, async (call, ct) =>
        {
            await using var engine = await call.OpenStoreAsync(ct);
            var actions = new NodeActions(engine, call.World.Sources, call.World.Who);
            return await NodeAnswer.ForEachAsync(call, engine, call.Value(nodes), id => actions.ReturnAsync(id, ct), "is given back; a launcher deletes it", ct);
        });
    }
}
