using Nodepool.Core.Model;
using Nodepool.Core.State;
using Nodepool.Core.View;

namespace Nodepool.Core.Imaging;

/// <summary>
/// Stores what became of a build, under the lock of its image. A success takes the request that it answers with it in the same commit: whenever the
/// builder dies, a request is either open or was answered once.
/// </summary>
internal static class BuildOutcome
{
    /// <summary>Stores the record.</summary>
    /// <exception cref="StateException">A conflict: the lock was lost, or the record is gone.</exception>
    public static async ValueTask StoreAsync(IStateEngine engine, ILease lease, ImageView stored, string id, ImageBuildRecord record, CancellationToken ct)
    {
        Write[] outcome = [new Write.Check(lease.Path, Write.AnyVersion), new Write.Set(NodepoolPaths.Build(stored.Name, id), record.Write(), Write.AnyVersion)];
        var request = NodepoolPaths.BuildRequest(stored.Name);
        if (record.State == ImageState.Ready && record.Run?.RequestMs is { } requested && requested == stored.BuildRequestedMs)
        {
            try
            {
                await engine.CommitAsync([.. outcome, new Write.Delete(request, Write.AnyVersion)], ct);
                return;
            }
            catch (StateException e) when (e.IsConflict && e.Path == request)
            {
                // Somebody has taken the request back.
            }
        }

        await engine.CommitAsync(outcome, ct);
    }
}
