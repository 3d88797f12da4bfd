using Nodepool.Core.State;
using Nodepool.State.Locks;
using Nodepool.State.Tree;
using Nodepool.State.Watching;
using Nodepool.State.ZooKeeper.Client;

namespace Nodepool.State.ZooKeeper;

/// <summary>
/// Turns ZooKeeper's events, which name an entry and say nothing of it, into changes for the watches of a session. There is one recursive watch per
/// first component of paths, whatever is watched below it.
/// </summary>
/// <remarks>
/// One thing is being read at a time: what events have named since the last reading (a round), or all of a tree (a walk, for new watches
/// and after a lost connection). Events that come meanwhile wait for the next round, so a burst of them costs few requests. Everything is in the order of the
/// server's messages: before an answer with a transaction number come the events of all transactions up to it. So a round that was cut when N
/// was known shows everything up to N, and more than that when no event has come since.
/// </remarks>
internal sealed class TreeFollower(LeaseTable leases)
{
    // A server may have a megabyte in each of them.
    private const int ReadAtOnce = 64;

    private readonly Lock _gate = new();
    private readonly HashSet<string> _watched = new(StringComparer.Ordinal);
    private readonly List<Subscription> _live = [];
    private readonly List<Subscription> _fresh = [];
    private readonly ChangeLog _log = new();
    private readonly PathSet _paths = new();

    // Entries whose children have come or gone since the last answer: events have no position, answers have.
    private readonly HashSet<string> _undated = new(StringComparer.Ordinal);
    private ZooKeeperClient? _client;
    private object? _reading;
    private int _commits;
    private long _told;
    private bool _ended;

    private long Newest => _client!.Ticket.LastZxid;

    /// <summary>Gives it the client whose events it gets.</summary>
    public void Attach(ZooKeeperClient client) => _client = client;

    /// <summary>Whether there is an entry; null when no watch tells.</summary>
    public bool? Exists(string path)
    {
        lock (_gate)
        {
            return path == TreePath.Root ? true : !_live.Exists(one => TreePath.IsAtOrBelow(path, one.Root)) ? null : _paths.Contains(path);
        }
    }

    /// <summary>
    /// Names of the children of an entry, in ordinal order, with the position at which they are all of them; null when no watch tells, or none
    /// of them tells at which position.
    /// </summary>
    public (long Position, IReadOnlyList<string> Names)? ListAt(string path)
    {
        lock (_gate)
        {
            return _live.Exists(one => TreePath.IsAtOrBelow(path, one.Root)) && !_undated.Contains(path) ? (Newest, _paths.NamesBelow(path)) : null;
        }
    }

    /// <summary>From now on every removal of an entry below the first component of this path is reported to the leases.</summary>
    public void Cover(string path)
    {
        lock (_gate)
        {
            var end = path.IndexOf('/', 1);
            var root = end < 0 ? path : path[..end];
            if (!_ended && !_watched.Contains(TreePath.Root) && _watched.Add(root))
            {
                _ = WatchAsync(root);
            }
        }
    }

    /// <summary>Begins a watch; its first batch follows. After the end of the session it ends at once.</summary>
    public void Subscribe(Subscription subscription)
    {
        lock (_gate)
        {
            if (_ended)
            {
                subscription.End();
                return;
            }

            Cover(subscription.Root);
            _fresh.Add(subscription);
            Next();
        }
    }

    public void Unsubscribe(Subscription subscription)
    {
        lock (_gate)
        {
            _fresh.Remove(subscription);
            if (_live.Remove(subscription) && !_live.Exists(one => TreePath.IsAtOrBelow(subscription.Root, one.Root)))
            {
                _paths.RemoveBelow(subscription.Root);
            }
        }
    }

    /// <summary>A watch has seen something.</summary>
    public void Happened(WatchEvent happening)
    {
        lock (_gate)
        {
            if (IsWanted(happening.Path))
            {
                Note(happening);
                Next();
            }
        }

        if (happening.Kind == WatchEventKind.Deleted)
        {
            leases.Removed(happening.Path);
        }
    }

    /// <summary>A commit of our own is about to be sent; <see cref="Committed"/> follows, whatever becomes of it.</summary>
    public void Committing()
    {
        lock (_gate)
        {
            _commits++;
        }
    }

    /// <summary>The answer to a commit of our own has come, or none will.</summary>
    /// <param name="changes">What is known of its entries; null when nothing was applied, or perhaps not.</param>
    public void Committed(List<OwnChange>? changes)
    {
        lock (_gate)
        {
            _commits--;
            if (changes is not null)
            {
                _undated.Clear();
                changes.ForEach(_log.Resolve);
            }

            Next(isAnswered: true);
        }
    }

    /// <summary>An answer has come: watches get to know how far the store is, also when nothing that they watch has changed.</summary>
    public void Advance()
    {
        lock (_gate)
        {
            _undated.Clear();
            if (_client is not null)
            {
                Next();
            }
        }
    }

    /// <summary>Events were lost: all watches begin anew.</summary>
    public void Restart()
    {
        lock (_gate)
        {
            _fresh.InsertRange(0, _live);
            _live.Clear();
            _log.Cut();
            _paths.Clear();
            _reading = null;
            Next();
        }
    }

    /// <summary>The session is over.</summary>
    public void End()
    {
        lock (_gate)
        {
            _ended = true;
            _live.ForEach(one => one.End());
            _fresh.ForEach(one => one.End());
            _live.Clear();
            _fresh.Clear();
        }
    }

    private bool IsWanted(string path) => _live.Exists(one => TreePath.IsAtOrBelow(path, one.Root)) || _fresh.Exists(one => TreePath.IsAtOrBelow(path, one.Root));

    private void Note(WatchEvent happening)
    {
        switch (happening.Kind)
        {
            case WatchEventKind.Deleted:
                _log.Gone(happening.Path);
                _paths.Remove(happening.Path);
                _undated.Add(TreePath.ParentOf(happening.Path));
                break;
            case WatchEventKind.Created:
                _log.Touched(happening.Path);
                _paths.Add(happening.Path);
                _undated.Add(TreePath.ParentOf(happening.Path));
                break;
            default:
                _log.Touched(happening.Path);
                break;
        }
    }

    /// <summary>Begins what is to be done next, unless something is being read.</summary>
    /// <param name="isAnswered">
    /// A commit of our own was answered. As long as one is under way events wait for this: most are its own, and what they name need not be read
    /// once its answer is there.
    /// </param>
    private void Next(bool isAnswered = false)
    {
        if (_reading is not null || _ended)
        {
            return;
        }

        if (_fresh.Count > 0)
        {
            var walk = new TreeWalk([.. _fresh], Newest);
            _reading = walk;
            Read(walk, walk.Roots(), withChildren: true);
        }
        else if (_log.IsEmpty ? Newest > _told : isAnswered || _commits == 0)
        {
            var round = new ReadRound(_log.Cut(), Newest);
            if (round.Open.Count == 0)
            {
                Deliver(round);
                return;
            }

            _reading = round;
            Read(round, round.Open, withChildren: false);
        }
    }

    private void Read(object reading, List<string> paths, bool withChildren)
    {
        for (var i = 0; i < paths.Count; i += ReadAtOnce)
        {
            var part = paths.GetRange(i, Math.Min(ReadAtOnce, paths.Count - i));
            _client!.Post(Requests.ReadMany(part, withChildren, reply => Answered(reading, part, reply)));
        }
    }

    private void Answered(object reading, List<string> paths, Reply<NodeRead[]>? reply)
    {
        lock (_gate)
        {
            // Something else is being read by now: the connection was lost in between.
            if (!ReferenceEquals(_reading, reading))
            {
                return;
            }

            if (reply is not { Value: var reads })
            {
                // The session is over, or the connection is about to be given up and everything begins anew.
                _reading = null;
                return;
            }

            switch (reading)
            {
                case ReadRound round when round.Take(paths, reads):
                    Deliver(round);
                    _reading = null;
                    Next();
                    break;
                case TreeWalk walk when walk.Take(paths, reads) is { } level:
                    if (level.Count > 0)
                    {
                        Read(walk, level, withChildren: true);
                        break;
                    }

                    Deliver(walk);
                    _reading = null;
                    Next();
                    break;
            }
        }
    }

    private void Deliver(ReadRound round)
    {
        var changes = round.Changes();
        _told = _log.IsEmpty ? Newest : round.Position;
        foreach (var subscription in _live)
        {
            subscription.Offer(_told, changes, always: true);
        }
    }

    private void Deliver(TreeWalk walk)
    {
        var position = _log.IsEmpty ? Newest : walk.Position;
        if (_live.Count == 0)
        {
            _told = position;
        }

        foreach (var subscription in walk.Subscriptions.Where(_fresh.Remove))
        {
            subscription.Resync(position, walk.FoundFor(subscription));
            _live.Add(subscription);
        }

        foreach (var change in walk.Found)
        {
            _paths.Add(change.Path);
        }

        // Events that came while it was read know better.
        foreach (var mark in _log.Marks)
        {
            if (mark.IsGone)
            {
                _paths.Remove(mark.Path);
            }
        }
    }

    private async Task WatchAsync(string root)
    {
        try
        {
            await _client!.WatchRecursivelyAsync(root, CancellationToken.None);
        }
        catch (ZooKeeperException e) when (e.Code == ErrorCode.Unimplemented)
        {
            var fault = new StateException(StateFault.Unavailable, root, $"{root} cannot be watched: the ZooKeeper server is older than 3.6.", e);
            lock (_gate)
            {
                _fresh.ForEach(one => one.Fail(fault));
                _fresh.Clear();
            }
        }
        catch (ZooKeeperException)
        {
            // The session is over; or the time limit has passed, and the next connection sets the watch.
        }
    }
}
