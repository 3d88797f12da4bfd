namespace Nodepool.Core.Config.Following;

/// <summary>Holds the snapshot in force and wakes who waits for the next; what every <see cref="IConfigSource"/> is made of. Thread-safe.</summary>
/// <param name="first">The first configuration.</param>
/// <param name="digest">Fingerprint of what it was read from.</param>
public sealed class ConfigPublisher(NodepoolConfig first, string digest = "") : IConfigSource
{
    private readonly Lock _lock = new();
    private readonly HashSet<TaskCompletionSource<ConfigNews>> _waiting = [];
    private volatile ConfigNews _news = new(1, new ConfigSnapshot(1, first) { Digest = digest }, null);

    /// <inheritdoc/>
    public ConfigSnapshot Current => _news.Snapshot;

    /// <inheritdoc/>
    public ConfigFailure? LastFailure => _news.Failure;

    /// <inheritdoc/>
    public ConfigNews News => _news;

    /// <summary>
    /// Puts a configuration in force and forgets the failure of an earlier one. One that equals the current keeps its revision and wakes nobody
    /// who waits for a snapshot.
    /// </summary>
    /// <param name="config">The configuration.</param>
    /// <param name="digest">Fingerprint of what it was read from.</param>
    /// <returns>Whether anything changed.</returns>
    public bool Publish(NodepoolConfig config, string digest = "")
    {
        var isNew = false;
        Tell(news =>
        {
            isNew = news.Snapshot.Config != config;
            var snapshot = isNew ? new ConfigSnapshot(news.Snapshot.Revision + 1, config) { Digest = digest } : news.Snapshot with { Digest = digest };
            return isNew || news.Failure is not null || snapshot != news.Snapshot ? new ConfigNews(news.Number + 1, snapshot, null) : news;
        });
        return isNew;
    }

    /// <summary>Records that a newer version is unusable; the current one stays.</summary>
    public void Refuse(ConfigFailure failure) => Tell(news => news with { Number = news.Number + 1, Failure = failure });

    /// <inheritdoc/>
    public async Task<ConfigSnapshot> NextAsync(long revision, CancellationToken ct)
    {
        ct.ThrowIfCancellationRequested();
        var news = _news;
        while (news.Snapshot.Revision <= revision)
        {
            news = await NextNewsAsync(news.Number, ct);
        }

        return news.Snapshot;
    }

    /// <inheritdoc/>
    public async Task<ConfigNews> NextNewsAsync(long number, CancellationToken ct)
    {
        ct.ThrowIfCancellationRequested();

        // Continuations never run inside Publish: they are posted to the waiter's context, which keeps simulations deterministic.
        var waiter = new TaskCompletionSource<ConfigNews>(TaskCreationOptions.RunContinuationsAsynchronously);
        lock (_lock)
        {
            if (_news.Number > number)
            {
                return _news;
            }

            _waiting.Add(waiter);
        }

        await using var registration = ct.UnsafeRegister(_ => Abandon(waiter, ct), null);
        return await waiter.Task;
    }

    private void Tell(Func<ConfigNews, ConfigNews> change)
    {
        TaskCompletionSource<ConfigNews>[] waiting;
        ConfigNews next;
        lock (_lock)
        {
            next = change(_news);
            if (ReferenceEquals(next, _news))
            {
                return;
            }

            _news = next;
            waiting = [.. _waiting];
            _waiting.Clear();
        }

        foreach (var waiter in waiting)
        {
            waiter.TrySetResult(next);
        }
    }

    private void Abandon(TaskCompletionSource<ConfigNews> waiter, CancellationToken ct)
    {
        lock (_lock)
        {
            _waiting.Remove(waiter);
        }

        waiter.TrySetCanceled(ct);
    }
}
