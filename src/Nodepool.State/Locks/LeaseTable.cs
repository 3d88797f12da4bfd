namespace Nodepool.State.Locks;

/// <summary>
/// The contender entries of one session. The engine reports every removed entry here: one look-up each, so that thousands of
/// held leases cost nothing while nothing happens to them, and none needs a watch of its own.
/// </summary>
/// <param name="tellsInline">
/// Whether users learn of a loss on the thread that reports it, before it goes on. An engine with threads of its own says no:
/// their code must not run there.
/// </param>
internal sealed class LeaseTable(bool tellsInline)
{
    private readonly Lock _gate = new();
    private readonly Dictionary<string, Lease> _leases = new(StringComparer.Ordinal);
    private bool _ended;

    /// <summary>
    /// Watches over an entry that is about to be created. Known by its prefix, which nobody else uses, because the full name
    /// is not known before the entry may already be gone again.
    /// </summary>
    public void Expect(Lease lease)
    {
        bool ended;
        lock (_gate)
        {
            ended = _ended;
            _leases[lease.Prefix] = lease;
        }

        if (ended)
        {
            lease.End();
        }
    }

    /// <summary>A lease is over: nobody asks for it any more, and its user is told.</summary>
    public void Forget(Lease lease, CancellationTokenSource lost)
    {
        lock (_gate)
        {
            _leases.Remove(lease.Prefix);
        }

        Cancel(lost);
    }

    /// <summary>Cancels on the thread that suits the engine; the token itself says so at once in either case.</summary>
    public void Cancel(CancellationTokenSource source)
    {
        if (tellsInline)
        {
            source.Cancel();
        }
        else
        {
            _ = source.CancelAsync();
        }
    }

    /// <summary>An entry was removed, by whomever. Never call it while holding a lock of the engine: users are told at once.</summary>
    public void Removed(string path)
    {
        Lease? lease;
        lock (_gate)
        {
            if (_leases.Count == 0
                || !ContenderName.IsContender(path)
                || !_leases.GetAlternateLookup<ReadOnlySpan<char>>().TryGetValue(ContenderName.PrefixOf(path), out lease))
            {
                return;
            }
        }

        lease.End();
    }

    /// <summary>Removals may have been missed: ends all leases whose entry is gone.</summary>
    public void Resync(Func<string, bool> exists)
    {
        foreach (var lease in Snapshot())
        {
            if (lease.Path.Length == 0)
            {
                lease.IsDoubtful = true;
            }
            else if (!exists(lease.Path))
            {
                lease.End();
            }
        }
    }

    /// <summary>The entries that are known to have been created.</summary>
    public IReadOnlyList<string> Paths() => [.. Snapshot().Select(lease => lease.Path).Where(path => path.Length > 0)];

    /// <summary>The session is over, and with it all of its leases.</summary>
    public void EndAll()
    {
        lock (_gate)
        {
            _ended = true;
        }

        foreach (var lease in Snapshot())
        {
            lease.End();
        }
    }

    private Lease[] Snapshot()
    {
        lock (_gate)
        {
            return [.. _leases.Values];
        }
    }
}
