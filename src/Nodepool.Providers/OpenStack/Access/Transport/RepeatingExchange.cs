using Nodepool.Core;

namespace Nodepool.Providers.OpenStack.Access.Transport;

/// <summary>Exchanges that may be made twice, repeated while what fails may pass: those by which the cloud is looked at before the first call.</summary>
internal sealed class RepeatingExchange(Sources sources)
{
    private readonly RepeatPolicy _repeats = new(sources);

    /// <returns>The last answer, whatever its status.</returns>
    /// <exception cref="NoAnswerException">There was none to the last attempt.</exception>
    public async Task<WireAnswer> SendAsync(HttpClient http, Func<HttpRequestMessage> make, TimeSpan limit, CancellationToken ct)
    {
        for (var attempts = 1; ; attempts++)
        {
            TimeSpan? delay;
            using var request = make();
            try
            {
                var answer = await HttpExchange.SendAsync(http, request, limit, sources.Time, ct).ConfigureAwait(false);
                delay = (int)answer.Status is 429 or (>= 500 and not 501) ? _repeats.Delay(attempts, answer.RetryAfter(sources.Time.GetUtcNow())) : null;
                if (delay is null)
                {
                    return answer;
                }
            }
            catch (NoAnswerException e) when (!e.IsLasting && _repeats.Delay(attempts, null) is { } usual)
            {
                delay = usual;
            }

            await _repeats.WaitAsync(delay.Value, ct).ConfigureAwait(false);
        }
    }
}
