using Nodepool.Core.Model;
using Nodepool.Core.State;
using Nodepool.Core.View;

namespace Nodepool.Core.Operations;

/// <summary>
/// Lets a provider become empty, and takes that back: a mark in the store that all launchers honour. Its pools begin nothing, what is idle goes, what was
/// begun and what somebody has ends as ever.
/// </summary>
/// <param name="engine">The store.</param>
/// <param name="sources">Time.</param>
/// <param name="who">Who asks.</param>
public sealed class DrainActions(IStateEngine engine, Sources sources, ClientIdentity who)
{
    private const int Attempts = 5;

    /// <summary>Sets the mark.</summary>
    /// <param name="provider">Name of the provider.</param>
    /// <param name="reason">Why, for people; null leaves what is stored.</param>
    /// <param name="ct">Gives up.</param>
    /// <returns>The mark, and whether it is new; one that was there keeps its time.</returns>
    /// <exception cref="OperationRefusedException">Others change it all the time.</exception>
    public async ValueTask<(DrainRecord Drain, bool IsNew)> DrainAsync(string provider, string? reason, CancellationToken ct)
    {
        var path = NodepoolPaths.Drain(provider);
        for (var attempt = 1; attempt <= Attempts; attempt++)
        {
            var entry = await engine.GetAsync(path, ct);
            var stored = entry is null ? null : ClusterViewBuilder.Understand(entry, DrainRecord.Read);
            var drain = stored is null ? new DrainRecord { Since = sources.UnixNow, By = $"{who.User}@{who.Host}", Reason = reason } : stored with { Reason = reason ?? stored.Reason };
            if (drain == stored)
            {
                return (drain, false);
            }

            try
            {
                await engine.CommitAsync([entry is null ? new Write.Create(path, drain.Write(), CreateModes.Persistent) : new Write.Set(path, drain.Write(), entry.Version)], ct);
                return (drain, stored is null);
            }
            catch (StateException e) when (e.IsConflict)
            {
                // Somebody else has just said the same or taken it back.
            }
        }

        throw new OperationRefusedException(Refusal.Busy, $"the drain of provider {provider} is being changed by others all the time; try again");
    }

    /// <summary>Takes the mark back: the provider's pools serve again.</summary>
    /// <returns>False when there was none.</returns>
    public async ValueTask<bool> UndoAsync(string provider, CancellationToken ct)
    {
        try
        {
            await engine.CommitAsync([new Write.Delete(NodepoolPaths.Drain(provider), Write.AnyVersion)], ct);
            return true;
        }
        catch (StateException e) when (e.Fault == StateFault.NotFound)
        {
            return false;
        }
    }
}
