namespace Nodepool.Providers.OpenStack.Compute;

/// <summary>
/// What this process knows of the launch attempts that it works on. Nothing of it is needed: without it, more is asked of the cloud.
/// Members may be called concurrently.
/// </summary>
internal sealed class LaunchAttempts(TimeProvider time)
{
    /// <summary>What was ordered is in every listing that begins so long after the call has ended, however it ended.</summary>
    public static readonly TimeSpan Settling = TimeSpan.FromSeconds(10);

    /// <summary>No attempt takes as long; whoever forgets to tell of an end does not make the list grow.</summary>
    private static readonly TimeSpan Lifetime = TimeSpan.FromDays(1);

    private readonly Lock _gate = new();
    private readonly Dictionary<string, LaunchAttempt> _byToken = new(StringComparer.Ordinal);
    private readonly Queue<string> _oldest = new();

    /// <summary>What is known of an attempt; null when this process has not met it.</summary>
    public LaunchAttempt? Find(string? token)
    {
        lock (_gate)
        {
            return token is null ? null : _byToken.GetValueOrDefault(token);
        }
    }

    /// <summary>An attempt of which nothing has been sent to the cloud.</summary>
    public LaunchAttempt Begin(string token) => Add(token, isUncertain: false);

    /// <summary>An attempt that another process has begun: it may have ordered a server.</summary>
    public LaunchAttempt Adopt(string token) => Add(token, isUncertain: true);

    /// <summary>It has come to its end and nothing is left of it.</summary>
    public void Forget(string? token)
    {
        lock (_gate)
        {
            if (token is not null)
            {
                _byToken.Remove(token);
            }
        }
    }

    private LaunchAttempt Add(string token, bool isUncertain)
    {
        var now = time.GetTimestamp();
        var attempt = new LaunchAttempt(now) { UncertainSince = isUncertain ? now : null };
        lock (_gate)
        {
            while (_oldest.TryPeek(out var oldest) && (!_byToken.TryGetValue(oldest, out var old) || time.GetElapsedTime(old.Begun, now) > Lifetime))
            {
                _byToken.Remove(_oldest.Dequeue());
            }

            _byToken[token] = attempt;
            _oldest.Enqueue(token);
        }

        return attempt;
    }
}
