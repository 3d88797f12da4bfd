using Nodepool.Providers.OpenStack.Access.Settings;

namespace Nodepool.Providers.OpenStack.Access.Identity;

/// <summary>One version of a service.</summary>
/// <param name="Id">Such as <c>v2.1</c>.</param>
/// <param name="Oldest">Oldest microversion; null where it has none.</param>
/// <param name="Newest">Newest microversion; null where it has none.</param>
internal sealed record VersionEntry(string Id, Microversion? Oldest, Microversion? Newest)
{
    /// <summary>Whether it is of a major version: <c>v3</c> and <c>v3.14</c> are of 3.</summary>
    public bool IsOf(int major) => Id.TrimStart('v').Split('.')[0] == major.ToString(System.Globalization.CultureInfo.InvariantCulture);
}
