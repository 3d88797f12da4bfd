using System.CommandLine;
using Nodepool.Cli.Arguments;
using Nodepool.Cli.Output;
using Nodepool.Core.Operations;
using Nodepool.Core.State;

namespace Nodepool.Cli.Commands;

/// <summary><c>nodepool delete</c>.</summary>
internal static class DeleteCommand
{
    public static Command Create(CommandFrame frame)
    {
        var nodes = NodeIds.Many();
        var now = new Option<bool>("--now") { Description = "Wait until they are gone; without a launcher, delete them from here" };
        var verb = new Verb(
            "delete",
            "Delete nodes",
            "A node that somebody holds is not deleted: the message names the holder. With --now Ctrl-C leaves the nodes marked, and no lock behind.",
            new Example("nodepool delete 42", "Mark node 0000000042; its launcher deletes it"),
            new Example("nodepool delete 42 43 --now", "Mark two nodes and see to it that they are deleted")) { nodes, now };
        return frame.Action(verb, OutputForms.List, async (call, ct) =>
        {
            await using var engine = await call.OpenStoreAsync(ct);
            var actions = new NodeActions(engine, call.World.Sources, call.World.Who);
            var marked = new List<string>();
            var status = await NodeAnswer.ForEachAsync(
                call,
                engine,
                call.Value(nodes),
                async id =>
                {
                    var node = await actions.DeleteAsync(id, ct);
                    marked.Add(id);
                    return node;
                },
                (_, _) => "is being deleted",
                ct);
            return call.Value(now) && !await RemoveAsync(call, engine, marked, ct) ? ExitStatus.Problem : status;
        });
    }

    /// <returns>Whether all of them are gone.</returns>
    private static async Task<bool> RemoveAsync(CliCall call, IStateEngine engine, IReadOnlyList<string> ids, CancellationToken ct)
    {
        await using var clouds = new Clouds(call);
        try
        {
            await using var store = await FollowedStore.OpenAsync(engine, call.World.Sources.Time, ct);
            var removal = new NodeRemoval(engine, store.Feed, call.World.Sources, call.World.Who, text => call.Note(text));
            var removed = await Task.WhenAll(ids.Select(id => RemoveAsync(call, removal, clouds, id, store.End)));
            return removed.All(isGone => isGone);
        }
        catch (OperationCanceledException)
        {
            var why = ct.IsCancellationRequested ? "interrupted" : "the store's session ended";
            throw new CliException(
                $"{why}; what is not gone stays marked, and a launcher or another nodepool delete --now deletes it", ct.IsCancellationRequested ? ExitStatus.Interrupted : ExitStatus.Problem);
        }
    }

    private static async Task<bool> RemoveAsync(CliCall call, NodeRemoval removal, Clouds clouds, string id, CancellationToken ct)
    {
        try
        {
            await removal.RunAsync(id, clouds.Open, ct);
            call.Note($"node {id} is gone");
            return true;
        }
        catch (OperationRefusedException e)
        {
            call.Complain(e.Message);
        }
        catch (CliException e)
        {
            call.Complain($"node {id} stays marked: {e.Message}");
        }

        return false;
    }
}
