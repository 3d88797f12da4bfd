using Nodepool.Core.Model;
using Nodepool.Core.Operations;
using Nodepool.Core.State;
using Nodepool.Lists;

namespace Nodepool.Cli;

/// <summary>Does something with each of several nodes and says what became of each.</summary>
internal static class NodeAnswer
{
    /// <returns>The exit status: a problem with one node does not keep the others from being done.</returns>
    public static async Task<int> ForEachAsync(
        CliCall call, IStateEngine engine, IReadOnlyList<string> ids, Func<string, ValueTask<NodeRecord>> action, string done, CancellationToken ct)
    {
        var status = ExitStatus.Ok;
        foreach (var id in ids)
        {
            try
            {
                await action(id);
                if (call.IsForPeople)
                {
                    call.World.Out.WriteLine($"node {id} {done}");
                }
            }
            catch (OperationRefusedException e)
            {
                status = ExitStatus.Problem;
                call.Note($"nodepool: {e.Message}");
            }
        }

        if (!call.IsForPeople)
        {
            call.Print(NodeList.Of(await CliCall.ViewAsync(engine, ct), call.Now, ids));
        }

        return status;
    }
}
