namespace Nodepool.Providers.OpenStack;

/// <summary>
/// Which flavor a label wants. With <paramref name="MinRam"/> it is the smallest, by RAM and then by name, that has as much and whose
/// name contains <paramref name="Name"/>; without it the one of that very name or id.
/// </summary>
/// <param name="MinRam"><c>min-ram</c>, MiB, or null.</param>
/// <param name="Name"><c>flavor-name</c>, or null; one of both is there.</param>
public sealed record OpenStackFlavorChoice(int? MinRam, string? Name);
