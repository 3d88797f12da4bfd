using System.CommandLine;
using Nodepool.Cli.Output;
using Nodepool.Core.Model;
using Nodepool.Core.Operations;
using Nodepool.Core.State;
using Nodepool.Core.View;

namespace Nodepool.Cli;

/// <summary><c>nodepool delete</c>.</summary>
internal static class DeleteCommand
{
    public static Command Create(CommandFrame frame)
    {
        var node = NodeIds.One();
        var now = new Option<bool>("--now") { Description = "Wait until it is gone" };
        return frame.Action(new Verb(
            "delete",
            "Delete a node",
            "A node that somebody holds is not deleted: the message names the holder.",
            new Example("nodepool delete 42", "Mark node 0000000042; its launcher deletes it"),
            new Example("nodepool delete 42 --now", "The same, and wait until it is gone")) { node, now }, OutputForms.List, async (call, ct) =>
        {
            await using var engine = await call.OpenStoreAsync(ct);
            var actions = new NodeActions(engine, call.World.Sources, call.World.Who);
            var id = call.Value(node);
            var status = await NodeAnswer.ForEachAsync(call, engine, [id], one => actions.DeleteAsync(one, ct), "is being deleted", ct);
            if (status == ExitStatus.Ok && call.Value(now))
            {
                await WaitAsync(call, engine, id, ct);
                call.Note($"node {id} is gone");
            }

            return status;
        });
    }

    private static async Task WaitAsync(CliCall call, IStateEngine engine, string id, CancellationToken ct)
    {
        var view = new ClusterView();
        var told = false;
        await foreach (var batch in engine.WatchAsync(NodepoolPaths.Root, ct))
        {
            view = view.After(batch);
            if (view.Nodes.ById.GetValueOrDefault(id) is not { } found)
            {
                return;
            }

            var provider = found.Record?.Provider;
            if (!told && !view.Pools.Any(pool => pool.ProviderName == provider))
            {
                told = true;
                call.Note($"no live launcher serves provider {provider}: the node is deleted when one is started");
            }
        }

        throw new CliException("the store's session ended; the node stays marked and a launcher deletes it");
    }
}
