using Nodepool.Core.Model;
using Nodepool.Core.State;
using Nodepool.Core.View;

namespace Nodepool.Core.Operations;

/// <summary>Which jobs' nodes are to be kept when they fail.</summary>
/// <param name="engine">The store.</param>
public sealed class JobActions(IStateEngine engine)
{
    /// <summary>Stores a job.</summary>
    /// <returns>Its id.</returns>
    /// <exception cref="OperationRefusedException">There is a record of that name.</exception>
    public async ValueTask<string> CreateAsync(string name, int holdOnFailure, CancellationToken ct)
    {
        foreach (var id in await engine.ListAsync(NodepoolPaths.Jobs, ct))
        {
            if (await engine.GetAsync(NodepoolPaths.Job(id), ct) is { } entry && ClusterViewBuilder.Understand(entry, JobRecord.Read)?.Name == name)
            {
                throw new OperationRefusedException(Refusal.WrongState, $"job {name} is there already; to change it: nodepool job-delete {id}, then job-create again");
            }
        }

        var record = new JobRecord { Name = name, HoldOnFailure = holdOnFailure };
        var result = await engine.CommitAsync([new Write.Create(NodepoolPaths.NewJob, record.Write(), CreateModes.Sequential)], ct);
        return NodepoolPaths.NameOf(result.Created[0]);
    }

    /// <summary>Removes a job's record. Nodes that are held for it stay held.</summary>
    /// <exception cref="OperationRefusedException">It does not exist.</exception>
    public async ValueTask DeleteAsync(string id, CancellationToken ct)
    {
        try
        {
            await engine.CommitAsync([new Write.Delete(NodepoolPaths.Job(id), Write.AnyVersion)], ct);
        }
        catch (StateException e) when (e.Fault == StateFault.NotFound)
        {
            throw new OperationRefusedException(Refusal.NotFound, $"job {id} not found; nodepool job-list shows the jobs that exist");
        }
    }
}
