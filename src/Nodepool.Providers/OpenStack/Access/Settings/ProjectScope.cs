namespace Nodepool.Providers.OpenStack.Access.Settings;

/// <summary>The project that a token shall be for: by id, by name in a domain, or by a trust.</summary>
/// <param name="Id">The project's id, or null.</param>
/// <param name="Name">Its name, when there is no id.</param>
/// <param name="Domain">The domain of the name.</param>
/// <param name="TrustId">Id of a trust, which says the project; then all others are null.</param>
internal sealed record ProjectScope(string? Id, string? Name, DomainName? Domain, string? TrustId = null);
