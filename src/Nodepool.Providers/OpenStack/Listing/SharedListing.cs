namespace Nodepool.Providers.OpenStack.Listing;

/// <summary>
/// One listing that everybody reads who waits for something at a service: the wait for a hundred things costs as many calls as the wait for
/// one. Nobody waiting, nothing is asked. Members may be called concurrently.
/// </summary>
internal sealed class SharedListing<T> : IDisposable
{
    private readonly Func<CancellationToken, ValueTask<IReadOnlyList<T>>> _fetch;
    private readonly TimeProvider _time;
    private readonly Lock _gate = new();
    private readonly CancellationTokenSource _disposal = new();
    private readonly CancellationToken _end;
    private readonly PollingStep _step;
    private TaskCompletionSource<Listing<T>>? _running;
    private TaskCompletionSource<Listing<T>>? _next;
    private Listing<T>? _latest;
    private long _number;
    private bool _isAtWork;

    /// <summary>A listing that nobody has asked for yet.</summary>
    /// <param name="fetch">Asks the service for all things.</param>
    /// <param name="time">The clock.</param>
    /// <param name="callInterval">Least time between two calls to the cloud.</param>
    public SharedListing(Func<CancellationToken, ValueTask<IReadOnlyList<T>>> fetch, TimeProvider time, TimeSpan callInterval = default)
    {
        (_fetch, _time, _step, _end) = (fetch, time, new PollingStep(time, callInterval), _disposal.Token);
    }

    /// <summary>The newest listing so far; null when there is none.</summary>
    public Listing<T>? Latest
    {
        get
        {
            lock (_gate)
            {
                return _latest;
            }
        }
    }

    /// <summary>This moment: listings with a greater number begin after it.</summary>
    public long Mark()
    {
        lock (_gate)
        {
            return _number;
        }
    }

    /// <summary>
    /// A listing that began after the mark was taken. One that is under way since before is never the answer: what the mark was taken for
    /// might be missing in it. All who wait at the same time get the same one.
    /// </summary>
    public async ValueTask<Listing<T>> AfterAsync(long mark, CancellationToken ct)
    {
        Task<Listing<T>> listing;
        bool isFirst;
        lock (_gate)
        {
            if (_latest is { } latest && latest.Number > mark)
            {
                return latest;
            }

            if (_running is not null && _number > mark)
            {
                (listing, isFirst) = (_running.Task, false);
            }
            else
            {
                _next ??= new TaskCompletionSource<Listing<T>>();
                (listing, isFirst) = (_next.Task, !_isAtWork);
                _isAtWork = true;
            }
        }

        if (isFirst)
        {
            _ = WorkAsync();
        }

        return await listing.WaitAsync(ct);
    }

    /// <summary>A listing that begins from now on.</summary>
    public ValueTask<Listing<T>> NextAsync(CancellationToken ct) => AfterAsync(Mark(), ct);

    /// <summary>One that is not older than that.</summary>
    public ValueTask<Listing<T>> WithinAsync(TimeSpan age, CancellationToken ct) =>
        Latest is { } latest && _time.GetElapsedTime(latest.Begun) <= age ? new(latest) : NextAsync(ct);

    /// <inheritdoc/>
    public void Dispose()
    {
        if (!_end.IsCancellationRequested)
        {
            _disposal.Cancel();
            _disposal.Dispose();
        }
    }

    /// <summary>Makes listings for as long as somebody has asked for another one.</summary>
    private async Task WorkAsync()
    {
        while (true)
        {
            TimeSpan wait;
            lock (_gate)
            {
                if (_next is null)
                {
                    _isAtWork = false;
                    return;
                }

                wait = _step.UntilNext();
            }

            if (wait > TimeSpan.Zero)
            {
                // Cancelled only by disposal: then the next listing fails at once.
                await Task.Delay(wait, _time, _end).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing | ConfigureAwaitOptions.ContinueOnCapturedContext);
            }

            await ListAsync();
        }
    }

    private async Task ListAsync()
    {
        TaskCompletionSource<Listing<T>> asked;
        long number;
        lock (_gate)
        {
            asked = _running = _next!;
            _next = null;
            number = ++_number;
            _step.Begin();
        }

        Listing<T>? listing = null;
        Exception? fault = null;
        var begun = _time.GetTimestamp();
        try
        {
            _end.ThrowIfCancellationRequested();
            listing = new Listing<T>(number, begun, await _fetch(_end));
        }
        catch (Exception e)
        {
            // Whatever it is, it is for those who wait for the listing.
            fault = e;
        }

        lock (_gate)
        {
            _step.End();
            _running = null;
            _latest = listing ?? _latest;
        }

        if (listing is not null)
        {
            asked.SetResult(listing);
            return;
        }

        asked.SetException(fault!);

        // Nobody may be left to look at it.
        _ = asked.Task.Exception;
    }
}
