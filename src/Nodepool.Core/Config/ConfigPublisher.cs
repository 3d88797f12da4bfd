namespace Nodepool.Core.Config;

/// <summary>Holds the snapshot in force and wakes who waits for the next; what every <see cref="IConfigSource"/> is made of. Thread-safe.</summary>
/// <param name="first">The first configuration.</param>
public sealed class ConfigPublisher(NodepoolConfig first) : IConfigSource
{
    private readonly Lock _lock = new();
    private readonly HashSet<TaskCompletionSource<ConfigSnapshot>> _waiting = [];
    private volatile ConfigSnapshot _current = new(1, first);
    private volatile ConfigFailure? _failure;

    /// <inheritdoc/>
    public ConfigSnapshot Current => _current;

    /// <inheritdoc/>
    public ConfigFailure? LastFailure => _failure;

    /// <summary>
    /// Puts a configuration in force and forgets the failure of an earlier one. One that equals the current changes nothing and
    /// wakes nobody.
    /// </summary>
    /// <returns>Whether anything changed.</returns>
    public bool Publish(NodepoolConfig config)
    {
        _failure = null;
        TaskCompletionSource<ConfigSnapshot>[] waiting;
        ConfigSnapshot next;
        lock (_lock)
        {
            if (_current.Config == config)
            {
                return false;
            }

            next = new ConfigSnapshot(_current.Revision + 1, config);
            _current = next;
            waiting = [.. _waiting];
            _waiting.Clear();
        }

        foreach (var waiter in waiting)
        {
            waiter.TrySetResult(next);
        }

        return true;
    }

    /// <summary>Records that a newer version is unusable; the current one stays.</summary>
    public void Refuse(ConfigFailure failure) => _failure = failure;

    /// <inheritdoc/>
    public async Task<ConfigSnapshot> NextAsync(long revision, CancellationToken ct)
    {
        ct.ThrowIfCancellationRequested();

        // Continuations never run inside Publish: they are posted to the waiter's context, which keeps simulations deterministic.
        var waiter = new TaskCompletionSource<ConfigSnapshot>(TaskCreationOptions.RunContinuationsAsynchronously);
        lock (_lock)
        {
            if (_current.Revision > revision)
            {
                return _current;
            }

            _waiting.Add(waiter);
        }

        await using var registration = ct.UnsafeRegister(_ => Abandon(waiter, ct), null);
        return await waiter.Task;
    }

    private void Abandon(TaskCompletionSource<ConfigSnapshot> waiter, CancellationToken ct)
    {
        lock (_lock)
        {
            _waiting.Remove(waiter);
        }

        waiter.TrySetCanceled(ct);
    }
}
