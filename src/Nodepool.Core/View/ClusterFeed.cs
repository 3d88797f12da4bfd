using Nodepool.Core.Reconciling;
using Nodepool.Core.State;

namespace Nodepool.Core.View;

/// <summary>
/// Keeps the newest <see cref="ClusterView"/> from the store's watch and wakes those who want to know. One per process and session;
/// <see cref="RunAsync"/> is its only writer.
/// </summary>
public sealed class ClusterFeed(IStateEngine engine, TimeProvider time)
{
    private readonly Lock _lock = new();
    private readonly List<WakeSignal> _subscribers = [];
    private readonly PriorityQueue<TaskCompletionSource, long> _waiting = new();
    private volatile ClusterView _current = new();

    /// <summary>The newest picture.</summary>
    public ClusterView Current => _current;

    /// <summary>Wakes everybody although no record has changed: something else that they decide on has.</summary>
    public void WakeAll()
    {
        lock (_lock)
        {
            foreach (var subscriber in _subscribers)
            {
                subscriber.Set();
            }
        }
    }

    /// <summary>A signal that is set after every change, until it is disposed.</summary>
    public WakeSignal Subscribe()
    {
        var signal = new WakeSignal(time, Unsubscribe);
        lock (_lock)
        {
            _subscribers.Add(signal);
        }

        return signal;
    }

    /// <summary>Follows the store until its session ends or <paramref name="ct"/> is cancelled.</summary>
    public async Task RunAsync(CancellationToken ct)
    {
        await foreach (var batch in engine.WatchAsync(Model.NodepoolPaths.Root, ct))
        {
            Publish(_current.After(batch), anythingNew: batch.IsResync || batch.Changes.Count > 0);
        }
    }

    /// <summary>
    /// A picture that includes all commits up to <paramref name="position"/>. Whoever decides on the picture again after a commit of
    /// its own asks for that commit's position: so nothing is ever counted twice or not at all.
    /// </summary>
    public async ValueTask<ClusterView> AtLeastAsync(long position, CancellationToken ct)
    {
        while (_current.Position < position || _current.Position < 0)
        {
            var arrived = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            lock (_lock)
            {
                if (_current.Position >= position && _current.Position >= 0)
                {
                    break;
                }

                _waiting.Enqueue(arrived, position);
            }

            // Not Task.WaitAsync: that continues on the thread pool, whatever the context of its caller.
            using var cancelled = ct.Register(() => arrived.TrySetCanceled(ct));
            await arrived.Task;
        }

        return _current;
    }

    private void Publish(ClusterView view, bool anythingNew)
    {
        lock (_lock)
        {
            _current = view;
            while (_waiting.TryPeek(out var arrived, out var position) && position <= view.Position)
            {
                _waiting.Dequeue();
                arrived.TrySetResult();
            }

            if (!anythingNew)
            {
                return;
            }

            foreach (var subscriber in _subscribers)
            {
                subscriber.Set();
            }
        }
    }

    private void Unsubscribe(WakeSignal signal)
    {
        lock (_lock)
        {
            _subscribers.Remove(signal);
        }
    }
}
