using Nodepool.Core.Model;
using Nodepool.Core.Operations;
using Nodepool.Core.State;
using Nodepool.Lists;

namespace Nodepool.Cli.Commands;

/// <summary>Does something with each of several nodes and says what became of each.</summary>
internal static class NodeAnswer
{
    /// <param name="call">The call.</param>
    /// <param name="engine">The store.</param>
    /// <param name="ids">The nodes.</param>
    /// <param name="action">What is done.</param>
    /// <param name="say">What became of a node, as the end of a sentence that begins with it.</param>
    /// <param name="ct">Gives up.</param>
    /// <returns>The exit status: a problem with one node does not keep the others from being done.</returns>
    public static async Task<int> ForEachAsync(
        CliCall call, IStateEngine engine, IReadOnlyList<string> ids, Func<string, ValueTask<NodeRecord>> action, Func<string, NodeRecord, string> say, CancellationToken ct)
    {
        foreach (var id in ids)
        {
            try
            {
                var node = await action(id);
                if (call.IsForPeople)
                {
                    call.World.Out.WriteLine($"node {id} {say(id, node)}");
                }
            }
            catch (OperationRefusedException e)
            {
                call.Complain(e.Message);
            }
        }

        if (!call.IsForPeople)
        {
            call.Print(NodeList.Of(await CliCall.ViewAsync(engine, ct), call.Now, ids));
        }

        return call.HasComplaint ? ExitStatus.Problem : ExitStatus.Ok;
    }
}
