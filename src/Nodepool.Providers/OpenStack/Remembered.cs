namespace Nodepool.Providers.OpenStack;

/// <summary>
/// Something of the cloud that seldom changes: asked for at first use, again when it is old, and at once when somebody misses something in it.
/// Callers that come together share one call. Members may be called concurrently.
/// </summary>
/// <param name="fetch">Asks the cloud.</param>
/// <param name="lifetime">How long an answer is good.</param>
/// <param name="time">The clock.</param>
internal sealed class Remembered<T>(Func<CancellationToken, ValueTask<T>> fetch, TimeSpan lifetime, TimeProvider time) : IDisposable
    where T : class
{
    /// <summary>A second miss within this time is not for want of a fresh answer.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    private readonly SemaphoreSlim _turn = new(1);
    private volatile Answer? _answer;

    /// <summary>The last answer, however old; null when there is none yet.</summary>
    public T? Last => _answer?.Value;

    /// <summary>An answer that is not old.</summary>
    public ValueTask<T> GetAsync(CancellationToken ct) => YoungerAsync(lifetime, ct);

    /// <summary>An answer in which <paramref name="find"/> finds something; asks anew once when it finds nothing in an older one.</summary>
    /// <returns>What was found; null when the cloud does not have it.</returns>
    public async ValueTask<TFound?> FindAsync<TFound>(Func<T, TFound?> find, CancellationToken ct)
        where TFound : class =>
        find(await GetAsync(ct)) ?? find(await YoungerAsync(Patience, ct));

    /// <summary>What was answered is wrong: the next one asks again.</summary>
    public void Forget() => _answer = _answer is { } answer ? answer with { IsWrong = true } : null;

    /// <inheritdoc/>
    public void Dispose() => _turn.Dispose();

    private async ValueTask<T> YoungerAsync(TimeSpan age, CancellationToken ct)
    {
        if (IsYounger(age, out var known))
        {
            return known;
        }

        await _turn.WaitAsync(ct);
        try
        {
            if (IsYounger(age, out known))
            {
                return known;
            }

            var begun = time.GetTimestamp();
            var value = await fetch(ct);
            _answer = new Answer(value, begun, IsWrong: false);
            return value;
        }
        finally
        {
            _turn.Release();
        }
    }

    private bool IsYounger(TimeSpan age, out T value)
    {
        var answer = _answer;
        value = answer?.Value!;
        return answer is { IsWrong: false } && time.GetElapsedTime(answer.Begun) < age;
    }

    private sealed record Answer(T Value, long Begun, bool IsWrong);
}
