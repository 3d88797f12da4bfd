namespace Nodepool.Providers.OpenStack.Access.Identity;

/// <summary>One address in Keystone's catalogue.</summary>
/// <param name="Type">Type of the service.</param>
/// <param name="Name">Name of the service.</param>
/// <param name="Interface"><c>public</c>, <c>internal</c> or <c>admin</c>.</param>
/// <param name="Region">Its region; null where it has none.</param>
/// <param name="Url">The address.</param>
internal sealed record CatalogEndpoint(string Type, string? Name, string Interface, string? Region, string Url);
