using Nodepool.Core.Model;
using Nodepool.Core.State;
using Nodepool.Core.View;

namespace Nodepool.Core.Launching.Pools;

/// <summary>
/// The charges of one plan. The plan counted all of them together, so they may be committed in any order and some may fail; but nobody else may
/// charge the tenant between the view that was decided on and the last of them. So each raises the version that the one before it has left behind,
/// beginning with the view's, and waits until that one has answered: the next version alone would not tell whose charge made it.
/// </summary>
/// <param name="view">What was decided on.</param>
internal sealed class TenantCharges(ClusterView view)
{
    private const int NoEntry = -1;
    private const int Unknown = -2;

    private readonly Lock _lock = new();
    private readonly Dictionary<string, Task<int>> _versions = new(StringComparer.Ordinal);

    /// <summary>Makes a commit that charges a tenant.</summary>
    /// <param name="tenant">Name of the tenant.</param>
    /// <param name="charge">What its entry shows from then on.</param>
    /// <param name="commit">Makes the commit with the step that it is given.</param>
    /// <exception cref="StateException">Somebody else has charged the tenant: <see cref="StateFault.VersionMismatch"/>; or the commit failed.</exception>
    public async ValueTask<CommitResult> CommitAsync(string tenant, TenantLedgerRecord charge, Func<Write, ValueTask<CommitResult>> commit)
    {
        var after = new TaskCompletionSource<int>(TaskCreationOptions.RunContinuationsAsynchronously);
        var path = NodepoolPaths.TenantLedger(tenant);
        var version = await EnqueueAsync(tenant, after.Task);
        var left = Unknown;
        try
        {
            if (version == Unknown)
            {
                throw new StateException(StateFault.VersionMismatch, path, $"somebody else has charged tenant {tenant}");
            }

            var result = await commit(version == NoEntry
                ? new Write.Create(path, charge.Write(), CreateModes.Persistent)
                : new Write.Set(path, charge.Write(), version));
            left = version + 1;
            return result;
        }
        catch (StateException e) when (e.IsConflict && e.Path != path)
        {
            // Nothing was applied, and nobody has touched the entry.
            left = version;
            throw;
        }
        finally
        {
            after.SetResult(left);
        }
    }

    /// <summary>The version that the charge before leaves behind.</summary>
    private Task<int> EnqueueAsync(string tenant, Task<int> after)
    {
        lock (_lock)
        {
            var before = _versions.TryGetValue(tenant, out var last) ? last : Task.FromResult(view.Ledger.TryGetValue(tenant, out var entry) ? entry.Version : NoEntry);
            _versions[tenant] = after;
            return before;
        }
    }
}
