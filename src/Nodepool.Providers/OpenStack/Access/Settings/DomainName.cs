namespace Nodepool.Providers.OpenStack.Access.Settings;

/// <summary>A domain: by id, else by name.</summary>
/// <param name="Id">The id, or null.</param>
/// <param name="Name">The name, when there is no id.</param>
internal sealed record DomainName(string? Id, string? Name);
