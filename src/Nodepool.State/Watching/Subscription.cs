using System.Runtime.CompilerServices;
using System.Threading.Channels;
using Nodepool.Core.State;
using Nodepool.State.Tree;

namespace Nodepool.State.Watching;

/// <summary>
/// One watch: the store offers changes, one reader takes them in batches. A reader that falls behind costs memory only for
/// the entries that changed, not for every change.
/// </summary>
internal sealed class Subscription(string root)
{
    private const int FoldFrom = 1024;

    private static readonly BoundedChannelOptions OneSignal = new(1)
    {
        FullMode = BoundedChannelFullMode.DropWrite,
        SingleReader = true,
        AllowSynchronousContinuations = false,
    };

    private readonly Lock _gate = new();
    private readonly Channel<bool> _signal = Channel.CreateBounded<bool>(OneSignal);
    private ChangeBatch? _resync;
    private List<Change> _pending = [];
    private int _foldAt = FoldFrom;
    private long _position;
    private bool _due;
    private bool _ended;

    /// <summary>The entry at and below which changes are delivered.</summary>
    public string Root { get; } = root;

    /// <summary>Begins anew: <paramref name="all"/> is everything that exists, parents first.</summary>
    public void Resync(long position, IReadOnlyList<Change> all)
    {
        lock (_gate)
        {
            _resync = new ChangeBatch(position, IsResync: true, all);
            _pending = [];
            _due = false;
            _position = position;
        }

        _signal.Writer.TryWrite(true);
    }

    /// <summary>Adds what commits up to <paramref name="position"/> changed.</summary>
    /// <param name="position">The store's position after them.</param>
    /// <param name="changes">All changes, also those elsewhere.</param>
    /// <param name="always">Deliver a batch even when nothing changed below the root: the session's own commit is among them.</param>
    public void Offer(long position, IReadOnlyList<Change> changes, bool always)
    {
        lock (_gate)
        {
            var before = _pending.Count;
            for (var i = 0; i < changes.Count; i++)
            {
                if (TreePath.IsAtOrBelow(changes[i].Path, Root))
                {
                    _pending.Add(changes[i]);
                }
            }

            _position = position;
            if (_pending.Count == before && !always)
            {
                return;
            }

            _due = true;
            if (_pending.Count >= _foldAt)
            {
                _pending = ChangeFold.Fold(_pending);
                _foldAt = Math.Max(FoldFrom, 2 * _pending.Count);
            }
        }

        _signal.Writer.TryWrite(true);
    }

    /// <summary>The session is over: the reader gets nothing more.</summary>
    public void End() => Complete(null);

    /// <summary>The store cannot be read any more: the reader gets the exception.</summary>
    public void Fail(StateException fault) => Complete(fault);

    /// <summary>The batches, until the session ends or <paramref name="ct"/> is cancelled; both end it without an exception.</summary>
    public async IAsyncEnumerable<ChangeBatch> ReadAsync([EnumeratorCancellation] CancellationToken ct)
    {
        while (await WaitAsync(ct))
        {
            while (!ct.IsCancellationRequested && Take() is { } batch)
            {
                yield return batch;
            }
        }
    }

    private void Complete(StateException? fault)
    {
        lock (_gate)
        {
            _ended = true;
        }

        _signal.Writer.TryComplete(fault);
    }

    private async ValueTask<bool> WaitAsync(CancellationToken ct)
    {
        try
        {
            return await _signal.Reader.WaitToReadAsync(ct) && _signal.Reader.TryRead(out _);
        }
        catch (OperationCanceledException) when (ct.IsCancellationRequested)
        {
            return false;
        }
    }

    private ChangeBatch? Take()
    {
        lock (_gate)
        {
            if (_ended)
            {
                return null;
            }

            if (_resync is { } resync)
            {
                _resync = null;
                return resync;
            }

            if (!_due)
            {
                return null;
            }

            var changes = _pending;
            _pending = [];
            _foldAt = FoldFrom;
            _due = false;
            return new ChangeBatch(_position, IsResync: false, changes);
        }
    }
}
