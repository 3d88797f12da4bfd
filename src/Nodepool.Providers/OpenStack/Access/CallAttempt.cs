using Nodepool.Core.Providers;

namespace Nodepool.Providers.OpenStack.Access;

/// <summary>How one attempt to make a call ended.</summary>
/// <param name="Answer">What the caller gets; null after a failure.</param>
/// <param name="Failure">What the caller is told; null after a success.</param>
/// <param name="MayPass">The same attempt may do better soon.</param>
/// <param name="RetryAfter">The pause that the service asks for.</param>
/// <param name="IsTokenRefused">The service does not take the token.</param>
internal sealed record CallAttempt(CloudAnswer? Answer, ProviderException? Failure, bool MayPass, TimeSpan? RetryAfter, bool IsTokenRefused)
{
    public static CallAttempt Done(CloudAnswer answer) => new(answer, null, false, null, false);

    public static CallAttempt Failed(ProviderException failure, bool mayPass, TimeSpan? retryAfter = null, bool isTokenRefused = false) =>
        new(null, failure, mayPass, retryAfter, isTokenRefused);
}
