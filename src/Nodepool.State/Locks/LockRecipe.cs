using System.Collections.Concurrent;
using System.Text;
using Nodepool.Core;
using Nodepool.Core.State;
using Nodepool.State.Tree;

namespace Nodepool.State.Locks;

/// <summary>
/// kazoo's exclusive lock, the same for every engine: a contender entry below the lock's directory, the lowest sequence holds.
/// Python peers contend with us correctly because names, order and release are theirs.
/// </summary>
internal sealed class LockRecipe(ILockGround ground, LeaseTable leases, Sources sources)
{
    private static readonly TimeSpan LongestTimer = TimeSpan.FromMilliseconds(uint.MaxValue - 1);

    private readonly ConcurrentQueue<Lease> _owed = new();

    /// <inheritdoc cref="IStateEngine.TryLockAsync"/>
    public async ValueTask<ILease?> TryLockAsync(string directory, LockOptions options, CancellationToken ct)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(options.Wait, Timeout.InfiniteTimeSpan);
        ThrowIfSessionEnded(directory);
        if (ground.LooksFirst && await IsContendedAsync(directory, ct) && options.Wait == TimeSpan.Zero)
        {
            return null;
        }

        await ground.FollowAsync(directory, ct);
        ct.ThrowIfCancellationRequested();
        var lease = new Lease(leases, this, $"{directory}/{sources.Ids.NewId()}{ContenderName.Infix}");
        leases.Expect(lease);
        Lease? held = null;
        try
        {
            var position = await CreateAsync(lease, options);
            held = ContenderName.IsVeryFirst(lease.Path) && !lease.IsDoubtful
                ? lease.Taken(position)
                : await ContendAsync(lease, directory, options.Wait, ct);
        }
        finally
        {
            if (held is null && lease.End())
            {
                await RemoveAsync(lease);
            }
        }

        if (held is null)
        {
            ct.ThrowIfCancellationRequested();
            ThrowIfSessionEnded(directory);
        }

        return held;
    }

    /// <summary>
    /// Deletes a contender of ours. A store that cannot do it now is asked again by <see cref="SettleAsync"/>: a lock that
    /// nobody holds must not outlive a full disk.
    /// </summary>
    public async ValueTask RemoveAsync(Lease lease)
    {
        try
        {
            if (lease.Path.Length > 0 || (lease.IsDoubtful && await FindAsync(lease) is not null))
            {
                await ground.CommitAsync([new Write.Delete(lease.Path, Write.AnyVersion)], CancellationToken.None);
            }
        }
        catch (StateException e) when (e.Fault is StateFault.NotFound or StateFault.SessionEnded)
        {
            // Gone already, or going with its session.
        }
        catch (StateException e) when (!e.IsConflict)
        {
            _owed.Enqueue(lease);
        }
    }

    /// <summary>Tries again to delete what <see cref="RemoveAsync"/> could not.</summary>
    public async ValueTask SettleAsync()
    {
        for (var left = _owed.Count; left > 0 && _owed.TryDequeue(out var lease); left--)
        {
            await RemoveAsync(lease);
        }
    }

    private async ValueTask<bool> IsContendedAsync(string directory, CancellationToken ct)
    {
        var (_, names) = await ground.ListAtAsync(directory, ct);
        if (!HasContender(names) || !await ground.DropDeadAsync(directory, ct))
        {
            return HasContender(names);
        }

        (_, names) = await ground.ListAtAsync(directory, ct);
        return HasContender(names);
    }

    /// <summary>Not cancellable: a contender must not come into being behind the back of the one who asked for it.</summary>
    private async ValueTask<long> CreateAsync(Lease lease, LockOptions options)
    {
        var modes = CreateModes.Sequential | (options.SurvivesSession ? CreateModes.Persistent : CreateModes.Ephemeral);
        var create = new Write.Create(lease.Prefix, Encoding.UTF8.GetBytes(options.Holder), modes);
        while (true)
        {
            try
            {
                var result = await ground.CommitAsync([create], CancellationToken.None);
                lease.Created(result.Created[0]);
                return result.Position;
            }
            catch (StateException e) when (e.Fault == StateFault.OutcomeUnknown)
            {
                // The answer was lost, perhaps after the entry was made.
                lease.IsDoubtful = true;
                if (await FindAsync(lease) is { } position)
                {
                    return position;
                }
            }
        }
    }

    /// <summary>Looks for an entry whose creation was not confirmed. Nobody else uses its prefix: if it is there it is ours.</summary>
    /// <returns>The position at which it was found, or null.</returns>
    private async ValueTask<long?> FindAsync(Lease lease)
    {
        var directory = TreePath.ParentOf(lease.Prefix);
        var (position, names) = await ground.ReadAtAsync(directory, CancellationToken.None);
        var prefix = TreePath.NameOf(lease.Prefix);
        if (names.FirstOrDefault(name => name.StartsWith(prefix, StringComparison.Ordinal)) is not { } ours)
        {
            return null;
        }

        lease.Created(TreePath.Join(directory, ours));
        return position;
    }

    private async ValueTask<Lease?> ContendAsync(Lease lease, string directory, TimeSpan wait, CancellationToken ct)
    {
        var ours = TreePath.NameOf(lease.Path);
        var (position, names) = await (lease.IsDoubtful ? ground.ReadAtAsync(directory, ct) : ground.ListAtAsync(directory, ct));
        if (!names.Contains(ours))
        {
            return null;
        }

        if (IsFirst(ours, names))
        {
            return lease.Taken(position);
        }

        return wait == TimeSpan.Zero ? null : await WaitAsync(lease, ours, directory, wait, ct);
    }

    private async ValueTask<Lease?> WaitAsync(Lease lease, string ours, string directory, TimeSpan wait, CancellationToken ct)
    {
        using var timeout = new CancellationTokenSource(wait < LongestTimer ? wait : Timeout.InfiniteTimeSpan, sources.Time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(ct, timeout.Token, lease.Lost);
        var present = new HashSet<string>(StringComparer.Ordinal);
        await foreach (var batch in ground.WatchForReleaseAsync(directory, either.Token))
        {
            Follow(batch, directory, present);
            if (!present.Contains(ours))
            {
                return null;
            }

            if (IsFirst(ours, present))
            {
                // A batch may show the release and say of its position only what was complete before.
                var (position, _) = await ground.ListAtAsync(directory, ct);
                return lease.Taken(position);
            }
        }

        return null;
    }

    private static void Follow(ChangeBatch batch, string directory, HashSet<string> present)
    {
        if (batch.IsResync)
        {
            present.Clear();
        }

        foreach (var (path, entry) in batch.Changes)
        {
            if (!ContenderName.IsContender(path) || TreePath.ParentOf(path) != directory)
            {
                continue;
            }

            if (entry is null)
            {
                present.Remove(TreePath.NameOf(path));
            }
            else
            {
                present.Add(TreePath.NameOf(path));
            }
        }
    }

    private static bool HasContender(IReadOnlyList<string> names)
    {
        for (var i = 0; i < names.Count; i++)
        {
            if (ContenderName.IsContender(names[i]))
            {
                return true;
            }
        }

        return false;
    }

    private static bool IsFirst(string ours, IEnumerable<string> names)
    {
        foreach (var name in names)
        {
            if (ContenderName.IsContender(name) && ContenderName.Precedes(name, ours))
            {
                return false;
            }
        }

        return true;
    }

    private void ThrowIfSessionEnded(string path)
    {
        if (ground.SessionEnded.IsCancellationRequested)
        {
            throw SessionFault.Ended(path);
        }
    }
}
