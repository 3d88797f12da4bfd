using Nodepool.Providers.OpenStack.Access.Identity;
using Nodepool.Providers.OpenStack.Access.Settings;

namespace Nodepool.Providers.OpenStack.Access;

/// <summary>What calls are made with as long as a token is valid.</summary>
/// <param name="Settings">How the cloud is configured.</param>
/// <param name="Http">The connections to it.</param>
/// <param name="Token">The token.</param>
/// <param name="Services">The services that the token is good for.</param>
internal sealed record CloudSession(CloudSettings Settings, HttpClient Http, CloudToken Token, ServiceDirectory Services)
{
    /// <summary>The service; null when the cloud does not offer it.</summary>
    public ValueTask<ServiceEndpoint?> FindAsync(CloudService service, CancellationToken ct) => Services.FindAsync(service, Token, ct);
}
