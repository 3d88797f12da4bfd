using Nodepool.Core;
using Nodepool.Core.State;
using Nodepool.State.Tree;
using Nodepool.State.Watching;

namespace Nodepool.State.Memory;

/// <summary>
/// A state store in memory, shared by the sessions that are opened on it: for tests and simulation. Every operation completes
/// before it returns, on the caller's thread; watches resume on the context that reads them. Safe for several threads.
/// </summary>
/// <param name="time">The clock of the store, for the times in its entries.</param>
public sealed class MemoryTree(TimeProvider time)
{
    private readonly Lock _gate = new();
    private readonly MemoryRows _rows = new();
    private readonly List<MemoryEngine> _sessions = [];
    private TreeCommit? _commit;
    private long _position;
    private long _lastSession;

    /// <summary>Number of commits so far.</summary>
    public long Position
    {
        get
        {
            lock (_gate)
            {
                return _position;
            }
        }
    }

    /// <summary>Opens a session.</summary>
    /// <param name="sources">The ids of lock contenders and the clock of lock waits.</param>
    public MemoryEngine Open(Sources sources)
    {
        lock (_gate)
        {
            var session = new MemoryEngine(this, ++_lastSession, sources);
            _sessions.Add(session);
            return session;
        }
    }

    /// <summary>
    /// Ends a session as the death of its process or a long partition does: all of its ephemeral entries vanish in one commit,
    /// <see cref="IStateEngine.SessionEnded"/> is cancelled, whatever it asks for later fails.
    /// </summary>
    /// <param name="sessionId"><see cref="MemoryEngine.SessionId"/>; an unknown or ended one is ignored.</param>
    public void Expire(long sessionId)
    {
        MemoryEngine? session;
        Applied applied = default;
        MemoryEngine[] others;
        Subscription[] watches;
        lock (_gate)
        {
            session = _sessions.Find(one => one.SessionId == sessionId);
            if (session is null)
            {
                return;
            }

            _sessions.Remove(session);
            watches = [.. session.Subscriptions];
            var owned = _rows.OwnedBy(sessionId);
            if (owned.Count > 0)
            {
                var deletes = owned.ConvertAll<Write>(path => new Write.Delete(path, Write.AnyVersion));
                if (Apply(deletes, session, out applied) is { } failure)
                {
                    throw failure;
                }
            }

            others = [.. _sessions];
        }

        Array.ForEach(watches, watch => watch.End());
        session.End();
        Announce(applied.Changes, others);
    }

    /// <summary>Everything at and below <paramref name="root"/> at this moment, parents before children: for checks of invariants.</summary>
    public IReadOnlyList<Entry> Snapshot(string root)
    {
        lock (_gate)
        {
            return _rows.Snapshot(root);
        }
    }

    internal Entry? Find(string path)
    {
        lock (_gate)
        {
            return _rows.Find(path)?.Entry;
        }
    }

    internal (long Position, IReadOnlyList<string> Names) List(string path)
    {
        lock (_gate)
        {
            return (_position, _rows.NamesBelow(path));
        }
    }

    internal StateException? Commit(IReadOnlyList<Write> writes, MemoryEngine session, out CommitResult result)
    {
        Applied applied = default;
        MemoryEngine[]? others;
        lock (_gate)
        {
            var failure = _sessions.Contains(session)
                ? Apply(writes, session, out applied)
                : SessionFault.Ended(writes.Count > 0 ? writes[0].Path : TreePath.Root);
            if (failure is not null)
            {
                result = null!;
                return failure;
            }

            others = HoldsRemoval(applied.Changes) ? [.. _sessions] : null;
        }

        result = applied.Result;
        Announce(applied.Changes, others);
        return null;
    }

    internal void Subscribe(Subscription subscription, MemoryEngine session)
    {
        lock (_gate)
        {
            if (!_sessions.Contains(session))
            {
                throw SessionFault.Ended(subscription.Root);
            }

            var all = _rows.Snapshot(subscription.Root).ConvertAll(entry => new Change(entry.Path, entry));
            subscription.Resync(_position, all);
            session.Subscriptions.Add(subscription);
        }
    }

    internal void Unsubscribe(Subscription subscription, MemoryEngine session)
    {
        lock (_gate)
        {
            session.Subscriptions.Remove(subscription);
        }
    }

    private StateException? Apply(IReadOnlyList<Write> writes, MemoryEngine session, out Applied applied)
    {
        var now = time.GetUtcNow().ToUnixTimeMilliseconds();
        var failure = (_commit ??= new TreeCommit(_rows)).TryApply(writes, new Stamp(_position + 1, now, session.SessionId), out applied);
        if (failure is not null)
        {
            return failure;
        }

        _position++;
        foreach (var one in _sessions)
        {
            foreach (var subscription in one.Subscriptions)
            {
                subscription.Offer(_position, applied.Changes, always: ReferenceEquals(one, session));
            }
        }

        return null;
    }

    /// <summary>Tells holders of leases what is gone: outside of the lock, because their code runs here.</summary>
    private static void Announce(IReadOnlyList<Change>? changes, MemoryEngine[]? sessions)
    {
        if (changes is null || sessions is null)
        {
            return;
        }

        foreach (var (path, entry) in changes)
        {
            if (entry is null)
            {
                foreach (var session in sessions)
                {
                    session.Leases.Removed(path);
                }
            }
        }
    }

    private static bool HoldsRemoval(IReadOnlyList<Change> changes)
    {
        for (var i = 0; i < changes.Count; i++)
        {
            if (changes[i].Entry is null)
            {
                return true;
            }
        }

        return false;
    }
}
