using Microsoft.Extensions.Logging;
using Nodepool.Core.State;
using Nodepool.State.Locks;
using Nodepool.State.Watching;

namespace Nodepool.State.Sqlite;

/// <summary>
/// The thread that finds out what was committed, by this process or another, and tells the watches and leases of the session.
/// It also does the rounds: <see cref="Rounds"/> is called every so often, more often while somebody waits for a lock.
/// Nothing is read before somebody is interested.
/// </summary>
internal sealed partial class Follower
{
    private readonly Lock _gate = new();
    private readonly Func<SqliteReader> _connect;
    private readonly LeaseTable _leases;
    private readonly Bell _bell;
    private readonly SqliteTuning _tuning;
    private readonly ILogger _logger;
    private readonly WakeUp _wake = new();
    private readonly TaskCompletionSource _stopped = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly List<Subscription> _subscriptions = [];
    private readonly List<Subscription> _fresh = [];
    private readonly List<TaskCompletionSource> _asked = [];
    private readonly Thread _thread;
    private SqliteReader? _reader;
    private ChangeCursor? _cursor;
    private TimeSpan _interval;
    private long _own;
    private int _waiting;
    private bool _isFailing;
    private volatile bool _isFollowing;
    private volatile bool _stopping;

    public Follower(Func<SqliteReader> connect, LeaseTable leases, Bell bell, SqliteTuning tuning, ILogger logger)
    {
        _connect = connect;
        _leases = leases;
        _bell = bell;
        _tuning = tuning;
        _logger = logger;
        _interval = tuning.Upkeep;
        _thread = new Thread(Loop) { Name = "state follower", IsBackground = true };
    }

    /// <summary>What else is to be done from time to time, given a connection to read from.</summary>
    public Action<SqliteReader>? Rounds { get; set; }

    public void Start() => _thread.Start();

    /// <summary>The session has committed: its watches reach this position soon, whether they saw a change or not.</summary>
    public void OwnCommit(long position)
    {
        Volatile.Write(ref _own, position);
        if (_isFollowing)
        {
            _wake.Set();
        }
    }

    /// <summary>Begins a watch; its first batch follows. After the end of the session it ends at once.</summary>
    public void Subscribe(Subscription subscription)
    {
        lock (_gate)
        {
            if (_stopping)
            {
                subscription.End();
                return;
            }

            _fresh.Add(subscription);
        }

        _wake.Set();
    }

    public void Unsubscribe(Subscription subscription)
    {
        lock (_gate)
        {
            _fresh.Remove(subscription);
            _subscriptions.Remove(subscription);
        }
    }

    /// <summary>Completes when every later removal of an entry will be reported to the leases.</summary>
    public Task FollowAsync()
    {
        if (_isFollowing)
        {
            return Task.CompletedTask;
        }

        var asked = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        lock (_gate)
        {
            if (_stopping)
            {
                return Task.CompletedTask;
            }

            _asked.Add(asked);
        }

        _wake.Set();
        return asked.Task;
    }

    /// <summary>Somebody waits for another session to let go, until the result is disposed.</summary>
    public IDisposable Waiting()
    {
        Interlocked.Increment(ref _waiting);
        _wake.Set();
        return new Waiter(this);
    }

    /// <summary>Ends all watches and the thread.</summary>
    public Task StopAsync()
    {
        lock (_gate)
        {
            _stopping = true;
        }

        _wake.Set();
        return _stopped.Task;
    }

    private void Loop()
    {
        var lastRounds = TimeProvider.System.GetTimestamp();
        var lastLook = 0L;
        while (!_stopping)
        {
            if (TimeProvider.System.GetElapsedTime(lastLook) < _tuning.Pace)
            {
                _wake.Rest(_tuning.Pace);
            }

            lastLook = TimeProvider.System.GetTimestamp();
            try
            {
                Follow();
                var interval = Volatile.Read(ref _waiting) > 0 ? _tuning.UpkeepWhileWaiting : _tuning.Upkeep;
                if (TimeProvider.System.GetElapsedTime(lastRounds) >= interval)
                {
                    lastRounds = TimeProvider.System.GetTimestamp();
                    Rounds?.Invoke(Reader());
                }

                _isFailing = false;
            }
            catch (StateException e)
            {
                Fail(e);
            }

            _wake.Wait(_isFailing ? _tuning.Upkeep : Volatile.Read(ref _waiting) > 0 ? _tuning.UpkeepWhileWaiting : _interval);
        }

        End();
    }

    private SqliteReader Reader() => _reader ??= _connect();

    private void Follow()
    {
        Subscription[] fresh;
        Subscription[] present;
        TaskCompletionSource[] asked;
        lock (_gate)
        {
            fresh = [.. _fresh];
            asked = [.. _asked];
            present = [.. _subscriptions];
        }

        if (!_isFollowing && fresh.Length == 0 && asked.Length == 0)
        {
            return;
        }

        // Read before the log is: whatever is announced here is in what is read after it.
        var own = Volatile.Read(ref _own);
        var news = (_cursor ??= new ChangeCursor(Reader(), _leases)).Advance(fresh, present, own);
        if (!_isFollowing)
        {
            _isFollowing = true;
            _interval = _tuning.Signals && _bell.Listen(_wake.Set) ? _tuning.PollBesideSignals : _tuning.Poll;
        }

        if (news.IsWorthTelling)
        {
            Tell(news, present);
        }

        lock (_gate)
        {
            _subscriptions.AddRange(fresh.Where(_fresh.Remove));
            _asked.RemoveAll(asked.Contains);
        }

        Array.ForEach(asked, one => one.TrySetResult());
    }

    private void Tell(ChangeNews news, Subscription[] present)
    {
        foreach (var subscription in present)
        {
            subscription.Offer(news.Position, news.Changes, news.IncludesOwn);
        }

        foreach (var (path, entry) in news.Changes)
        {
            if (entry is null)
            {
                _leases.Removed(path);
            }
        }
    }

    private void Fail(StateException fault)
    {
        if (!_isFailing)
        {
            _isFailing = true;
            LogFailing(_logger, fault.Message);
        }

        TaskCompletionSource[] asked;
        lock (_gate)
        {
            asked = [.. _asked];
            _asked.Clear();
            if (fault.Fault == StateFault.Corrupt)
            {
                _subscriptions.ForEach(one => one.Fail(fault));
                _fresh.ForEach(one => one.Fail(fault));
            }
        }

        Array.ForEach(asked, one => one.TrySetException(fault));
    }

    private void End()
    {
        lock (_gate)
        {
            _subscriptions.ForEach(one => one.End());
            _fresh.ForEach(one => one.End());
            _asked.ForEach(one => one.TrySetResult());
            _subscriptions.Clear();
            _fresh.Clear();
            _asked.Clear();
        }

        _reader?.Dispose();
        _stopped.TrySetResult();
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "Changes of the state store cannot be read for now: {Reason}")]
    private static partial void LogFailing(ILogger logger, string reason);

    private sealed class Waiter(Follower follower) : IDisposable
    {
        private int _done;

        public void Dispose()
        {
            if (Interlocked.Exchange(ref _done, 1) == 0)
            {
                Interlocked.Decrement(ref follower._waiting);
            }
        }
    }
}
