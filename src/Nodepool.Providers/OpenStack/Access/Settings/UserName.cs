namespace Nodepool.Providers.OpenStack.Access.Settings;

/// <summary>A user: by id, or by name in a domain.</summary>
/// <param name="Id">The id, or null.</param>
/// <param name="Name">The name, when there is no id.</param>
/// <param name="Domain">The domain of the name.</param>
internal sealed record UserName(string? Id, string? Name, DomainName? Domain);
